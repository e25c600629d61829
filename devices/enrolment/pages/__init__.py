"""The pages of enrolment."""
