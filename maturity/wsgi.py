"""The WSGI application that gunicorn serves."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from maturity.utf8 import utf8_only

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maturity.settings")

# The exit code that tells gunicorn's master not to try again and again.
CANNOT_BOOT = 3

try:
    application = utf8_only(get_wsgi_application())
except ImproperlyConfigured as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(CANNOT_BOOT)
