"""Rules of the awards in plain Python: figures in, exact fractions through, one rounding at the end. No Django."""
