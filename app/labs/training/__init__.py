"""What the labs on networks share: the knobs of training, what changes on the way, and pictures of networks."""
