"""The product's own settings, with the addresses of the floor added."""

from maturity.settings import *  # noqa: F403 - the settings of a deployment, all of them

ROOT_URLCONF = "bench.floor"
