"""Speed as ratios: this project beside what people would use or build instead, measured together."""
