"""Open311 GeoReport v2 with mySociety's updates: a second face on reports, for partners' programs.

https://wiki.open311.org/GeoReport_v2 and https://wiki.open311.org/Service_Discovery are the source
of every name, shape and status here, unless another is given.
"""
