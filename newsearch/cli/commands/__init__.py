"""The commands, one a file, one line in the table; in the order of their use."""

from newsearch.registry import Entry, Registry

COMMANDS = Registry(
    "command",
    {
        "index": Entry("newsearch.cli.commands.index:index"),
        "inputs": Entry("newsearch.cli.commands.inputs:inputs"),
        "query": Entry("newsearch.cli.commands.query:query"),
        "save": Entry("newsearch.cli.commands.save:save"),
        "saved": Entry("newsearch.cli.commands.saved:saved"),
        "show": Entry("newsearch.cli.commands.show:show"),
        "diff": Entry("newsearch.cli.commands.diff:diff"),
        "status": Entry("newsearch.cli.commands.status:status"),
        "verify": Entry("newsearch.cli.commands.verify:verify"),
        "repair": Entry("newsearch.cli.commands.repair:repair"),
        "remove": Entry("newsearch.cli.commands.remove:remove"),
        "config": Entry("newsearch.cli.commands.config:config"),
    },
)
