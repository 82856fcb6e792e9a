"""Opens a spreadsheet of a report with openpyxl, tells what it sees, and fills it in.

    sheet.py IN OUT < figures

`figures` is JSON: a list of [code, heading, value] to write. What is seen comes out as JSON.
"""

import json
import sys

import openpyxl


def main(source, target):
    figures = json.load(sys.stdin)
    book = openpyxl.load_workbook(source)
    page = book.worksheets[0]
    rows = {str(cell.value): cell.row for cell in page["C"] if cell.value}
    head = rows["Mã chỉ tiêu"]
    columns = {cell.value: cell.column for cell in page[head]}
    cells = [cell for row in page.iter_rows(min_row=head + 1) for cell in row]
    seen = {
        "sheets": book.sheetnames,
        "title": page["A2"].value,
        "headings": [cell.value for cell in page[head]],
        "protected": page.protection.sheet,
        "password": page.protection.password,
        "hiddenRows": [number for number, row in page.row_dimensions.items() if row.hidden],
        "lockedAbove": all(cell.protection.locked for row in page.iter_rows(max_row=head) for cell in row),
        "unlocked": [cell.coordinate for cell in cells if not cell.protection.locked],
        "formulas": [cell.coordinate for cell in cells if cell.data_type == "f"],
        "rows": [[cell.value for cell in row] for row in page.iter_rows(min_row=head + 1)],
        "lists": sorted({rule.formula1 for rule in page.data_validations.dataValidation if rule.type == "list"}),
    }
    for code, heading, value in figures:
        page.cell(row=rows[code], column=columns[heading]).value = value
    book.save(target)
    json.dump(seen, sys.stdout)


main(*sys.argv[1:])
