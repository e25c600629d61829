"""Care plans, rota, visits: planned, made, checked in and out."""
