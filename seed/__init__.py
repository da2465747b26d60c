"""The city's data and the loader that brings it in, through services, as often as one likes."""
