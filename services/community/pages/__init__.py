"""The pages of services, orders and complaints."""
