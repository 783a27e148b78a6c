"""The tables of `tests.test_api_matrix`."""
