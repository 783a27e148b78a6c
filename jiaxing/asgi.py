"""The door for ASGI servers; nothing in the product needs one, but a host may offer only that."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiaxing.settings")

application = get_asgi_application()
