"""The demo sign-ins of the Jiaxing data: whom ``run.py`` names, and the one password they share.

They are refused by a system check as soon as ``DEBUG`` is off, so this password opens nothing that people rely on.
"""

DEMO_PASSWORD = "hundred-days-2022"  # noqa: S105  (public on purpose, see above)

SIGN_INS = {
    "admin": "administrator",
    "office": "campaign office",
    "leader": "leader, reads everything",
    "tongxiang": "reporter of Tongxiang",
    "tongxiang-head": "head of Tongxiang, signs its reports",
    "nanhu": "reporter of another unit",
    "commerce": "reviewer in a lead department",
}
