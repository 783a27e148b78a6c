"""The rules of the field in plain Python: values in, values out, no database and no clock."""
