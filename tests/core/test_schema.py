from core.runtime import Runtime
from migrations.upgrade import check


async def test_the_migrated_database_is_what_the_classes_say(runtime: Runtime) -> None:
    await check(runtime.database.engine)
