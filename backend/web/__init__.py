"""What every page shares: the design system, base templates, ES modules, the PWA shell."""
