"""Opens a spreadsheet of many units with openpyxl, tells what it sees, and fills it in.

    units.py IN OUT < figures

`figures` is JSON: a list of [unit, code, heading, value] to write. What is seen comes out as JSON.
"""

import json
import sys

import openpyxl


def main(source, target):
    figures = json.load(sys.stdin)
    book = openpyxl.load_workbook(source)
    page = book.worksheets[0]
    labels = {cell.value: cell.row for cell in page["B"] if cell.value}
    head = labels["Đơn vị"]
    units = {cell.value: cell.row for cell in page["B"] if cell.row > head}
    codes, headings = page[labels["Mã chỉ tiêu"]], page[head]
    columns = {(code.value, heading.value): heading.column for code, heading in zip(codes, headings)}
    cells = [cell for row in page.iter_rows(min_row=head + 1) for cell in row]
    # Columns that look the same are kept as one.
    hidden = [
        openpyxl.utils.get_column_letter(number)
        for column in page.column_dimensions.values()
        if column.hidden
        for number in range(column.min, column.max + 1)
    ]
    seen = {
        "sheets": book.sheetnames,
        "title": page["A2"].value,
        "headings": [cell.value for cell in headings],
        "names": [cell.value for cell in page[labels["Chỉ tiêu"]]],
        "protected": page.protection.sheet,
        "hiddenRows": [number for number, row in page.row_dimensions.items() if row.hidden],
        "hiddenColumns": sorted(hidden),
        "lockedAbove": all(cell.protection.locked for row in page.iter_rows(max_row=head) for cell in row),
        "unlocked": len([cell for cell in cells if not cell.protection.locked]),
        "unlockedColumns": sorted({cell.column for cell in cells if not cell.protection.locked}),
        "formulas": [cell.coordinate for cell in cells if cell.data_type == "f"],
        "rules": sorted(str(rule.sqref) for rule in page.data_validations.dataValidation),
        "units": list(units),
    }
    for unit, code, heading, value in figures:
        page.cell(row=units[unit], column=columns[code, heading]).value = value
    book.save(target)
    json.dump(seen, sys.stdout)


main(*sys.argv[1:])
