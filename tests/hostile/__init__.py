"""Clients that mean harm, or know no better, against the real server on a real socket."""
