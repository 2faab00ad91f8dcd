"""Arrays to Plotly traces and shapes with a role; the palette of roles."""
