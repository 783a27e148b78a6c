"""The pages about people and their messages: read the clock, make one call, answer."""
