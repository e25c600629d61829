"""The demo's homes: a day's rhythm, sent through the real doors. It knows nothing of Django.

Nobody presses a button, falls or starts a fire here: alarms are left to who tries the demo.
"""
