"""Our own operations centre, SMS gateway and FCM: the real protocols, with faults on demand.

For demos and tests only, on 127.0.0.1. It imports nothing of the product.
"""
