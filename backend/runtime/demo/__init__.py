"""The demo district: invented people in an invented part of Wuxi, the same for the same seed."""
