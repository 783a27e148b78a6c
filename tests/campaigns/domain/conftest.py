"""Lets the property tests take their time: a busy machine must not fail a rule that holds."""

from hypothesis import settings

settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
