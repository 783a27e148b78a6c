"""The pages of the monthly cycle: read the clock, make one call, answer."""
