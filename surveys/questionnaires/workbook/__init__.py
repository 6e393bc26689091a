"""A questionnaire as a workbook: one sheet for each list, and back to the same questionnaire."""
