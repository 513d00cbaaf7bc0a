"""The parts of the HTML report: what a mark's panel knows, cells to HTML, the pages made from the
tables, the folder."""
