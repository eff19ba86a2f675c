"""Mutations over the whole app: each happens once, or says why not."""
