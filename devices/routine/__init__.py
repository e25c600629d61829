"""Who has not moved at home for too long: fixed limits now, a home's own routine later.

Everything is worked out from stored readings when a home is due, so that messages may come twice,
late or in any order, and nothing is lost when a process dies.
"""
