"""What several labs show of an optimum and its plane: the picture, the words, the units, the handles, the script."""
