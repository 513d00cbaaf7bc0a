"""The parts of the HTML report: cells to HTML, the pages made from the tables, the folder."""
