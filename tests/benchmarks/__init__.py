"""Speed and memory, each figure beside a floor that the same run measures: `make bench`.

Prints a JSON line a figure: name, figure, floor, ratio, bound, pass. CPU is that of the server's
processes and of PostgreSQL together; the clients run apart. PostgreSQL keeps its safety (fsync).
"""
