"""panoramisk_client.py PORT: reads events until the server closes; prints how many, and the CPU time since the log-in."""
import asyncio
import json
import sys
import time

from panoramisk import Manager


async def main():
    closed = asyncio.get_running_loop().create_future()
    events = 0

    def count(manager, message):
        nonlocal events
        events += 1

    def on_disconnect(manager, exc):
        if not closed.done():
            closed.set_result(None)

    manager = Manager(host="127.0.0.1", port=int(sys.argv[1]), username="bench", secret="bench",
                      on_disconnect=on_disconnect, ping_delay=3600, reconnect_timeout=3600)
    manager.register_event("*", count)
    await manager.connect()
    start = time.process_time()
    await closed
    print(json.dumps({"events": events, "cpu_seconds": time.process_time() - start}))


asyncio.run(main())
