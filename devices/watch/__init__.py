"""GPS watches that speak text over TCP: the family whose frames begin with 3G, SG, ZJ or CS.

Source: the protocol as Traccar's tests of "watch" record it; the code here is ours.
"""
