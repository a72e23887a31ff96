"""Operators, who open the console."""

from typing import Annotated, Final

import typer
from rich.table import Table

from server.auth.operators import Operator, add_operator, list_operators, new_operator_id, remove_operator
from server.backend import Backend
from server.cli.terminal import REFUSED, err, out, with_backend
from server.domain.ids import VenueId
from server.words import words

CODE_S: Final = 15 * 60
"How long an operator's entry code is good: it opens more than a seat."

app = typer.Typer()


@app.command(name="add", help=words("登记管理员，输出其入场码。", "Add an operator; prints the entry code."))
def operator_add(
    name: str, venue: Annotated[str, typer.Option(help=words("所在场地。", "Whose venue it is."))]
) -> None:
    """Keep an operator's account and print a code that opens the console once."""
    operator = Operator(id=new_operator_id(), name=name, venue=VenueId(venue))

    async def add(backend: Backend) -> str:
        add_operator(backend.operators_folder, operator)
        return (await backend.codes.issue(operator, CODE_S)).display

    code = with_backend(add)
    out.print(words(f"管理员 {name}（{operator.id}）的入场码：{code}", f"Entry code of {name} ({operator.id}): {code}"))
    out.print(words("15 分钟内有效，只能使用一次。", "Good once, for 15 minutes."))


@app.command(name="list", help=words("列出所有管理员。", "List all operators."))
def operator_list() -> None:
    """List the accounts, by id."""
    table = Table(words("编号", "Operator"), words("姓名", "Name"), words("场地", "Venue"))
    for operator in with_backend(_accounts):
        table.add_row(operator.id, operator.name, operator.venue)
    out.print(table)


@app.command(name="remove", help=words("注销管理员（离职、调岗）。", "Close the account of an operator who leaves."))
def operator_remove(
    operator: Annotated[
        str, typer.Argument(help=words("编号，见 operator list。", "The id that operator list shows."))
    ],
) -> None:
    """Close an account: it opens the console no more."""

    async def remove(backend: Backend) -> Operator | None:
        found = next((each for each in await _accounts(backend) if each.id == operator), None)
        if found is not None:
            remove_operator(backend.operators_folder, found.id)
        return found

    closed = with_backend(remove)
    if closed is None:
        err.print(
            words(f"没有编号为 {operator} 的管理员，见 operator list。", f"No operator {operator}: see operator list.")
        )
        raise typer.Exit(REFUSED)
    out.print(
        words(f"管理员 {closed.name}（{closed.id}）已注销。", f"The account of {closed.name} ({closed.id}) is closed.")
    )
    out.print(
        words(
            "其管理页面随即不能再用；在评标室里占用的席位须另行换给他人。",
            "The page /console can do nothing more; a seat held in a room has to be moved to somebody else.",
        )
    )


async def _accounts(backend: Backend) -> list[Operator]:
    return list_operators(backend.operators_folder)
