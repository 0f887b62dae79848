"""asyncio's side of the benchmark: reads 'workload tasks times runs' lines, answers 'units seconds' lines."""
import asyncio
import gc
import sys
import time


class NoWaiting:
    """A selector without files. Instead of waiting it moves the loop's clock."""

    def __init__(self):
        self.now = 0.0

    def select(self, timeout):
        if timeout is None:
            raise RuntimeError('nothing to wait for')
        self.now += max(timeout, 0)
        return []

    def register(self, fileobj, events, data=None):
        return None

    unregister = modify = register

    def get_map(self):
        return {}

    def get_key(self, fileobj):
        raise KeyError(fileobj)

    def close(self):
        pass


def virtual_loop():
    selector = NoWaiting()
    loop = asyncio.SelectorEventLoop(selector)
    loop.time = lambda: selector.now
    return loop


async def sleeper(delay, times):
    for _ in range(times):
        await asyncio.sleep(delay)


async def steps(tasks, times):
    await asyncio.gather(*(sleeper(0, times) for _ in range(tasks)))
    return tasks * times


async def timers(tasks, times):
    await asyncio.gather(*(sleeper(1, times) for _ in range(tasks)))
    return tasks * times


async def one():
    return 1


async def gather(tasks, _times):
    return len(await asyncio.gather(*(one() for _ in range(tasks))))


WORK = {'steps': (asyncio.new_event_loop, steps), 'timers': (virtual_loop, timers), 'gather': (asyncio.new_event_loop, gather)}

for line in sys.stdin:
    name, tasks, times, runs = line.split()
    make_loop, work = WORK[name]
    gc.collect()
    units = 0
    start = time.thread_time()
    for _ in range(int(runs)):
        loop = make_loop()
        units += loop.run_until_complete(work(int(tasks), int(times)))
        loop.close()
    print(units, time.thread_time() - start, flush=True)
