"""What awards show inside pages of other apps."""
