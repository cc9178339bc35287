"""Property tests run alike on a fast machine and on a busy one: no example has a deadline."""

from hypothesis import HealthCheck, settings

settings.register_profile("sizewise", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sizewise")
