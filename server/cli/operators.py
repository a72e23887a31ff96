"""Operators, who open the console."""

from typing import Annotated, Final

import typer

from server.auth.operators import Operator, add_operator, new_operator_id
from server.backend import Backend
from server.cli.terminal import out, with_backend
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
