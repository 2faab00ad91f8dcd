"""HTTP only: what of the labs is asked, how it is answered, what is refused."""
