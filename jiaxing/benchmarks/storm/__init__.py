"""Thousands of messages on their way out while workers and beat are killed at random: what arrives, and how often.

Real processes, a real broker and database, a mail server and a robot of its own. Nothing here runs on a site that
people use: `manage.py storm` refuses a database that is not empty.
"""
