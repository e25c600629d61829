"""Twilio: texts and calls by its REST API, its signed callbacks, and its TwiML."""
