"""`/metrics`: the same figures for Prometheus, gathered when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector

from bot.core.instants import SECOND
from bot.services import accounts
from handlers.web.site import Site
from storage.unit_of_work import UnitOfWork

REFUSED = ("failed", "unknown")


def routes(site: Site) -> APIRouter:
    router = APIRouter()
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(site))

    @router.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router


class _Figures(Collector):
    """Reads the figures anew for each scrape."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        yield from _living(self._site)
        house = self._site.house
        outbox, jobs, last = house.database.read(_kept)
        standings = house.database.read(lambda uow: accounts.standings(uow, house.now()))
        alive = {one.account: float(one.state == "up") for one in standings}
        yield _gauges("qunbiao_account_up", "各账号是否在线（1 在线）", "account", alive)
        yield _gauges("qunbiao_outbox", "外发箱中各状态的条数", "state", outbox)
        runs = CounterMetricFamily("qunbiao_job_runs", "定时任务的运行次数", labels=("job", "outcome"))
        for (job, outcome), count in jobs.items():
            runs.add_metric((job, outcome), count)
        yield runs
        if last is not None:
            yield GaugeMetricFamily("qunbiao_last_sweep_timestamp_seconds", "最近一次评定的时刻", last / SECOND)


def _kept(uow: UnitOfWork) -> tuple[dict[str, int], dict[tuple[str, str], int], int | None]:
    last = uow.sweeps.last()
    return uow.outbox.count_by_status(), uow.jobs.count_by_outcome(), None if last is None else last.as_of


def _living(site: Site) -> Iterator[Metric]:
    status = site.house.status
    yield GaugeMetricFamily("qunbiao_connected", "账号是否在线（1 在线）", float(status.connected))
    yield CounterMetricFamily("qunbiao_messages", "本进程处理的消息", status.messages)
    yield SummaryMetricFamily("qunbiao_lag_seconds", "从发出到入库的秒数", status.messages, status.lag_total)
    yield GaugeMetricFamily("qunbiao_heard_queue", "听到而未处理的条数", site.behind())
    yield GaugeMetricFamily("qunbiao_write_queue", "等待写库的单元", site.house.database.queue_depth())
    yield CounterMetricFamily("qunbiao_echoes_missing", "网关说已发、却没有回显的消息", status.echoes_missing)
    sends = CounterMetricFamily("qunbiao_sends", "发送结果，按种类", labels=("kind", "outcome"))
    refusals = CounterMetricFamily("qunbiao_refusals", "没有发成（失败或不明），按种类", labels=("kind",))
    refused: dict[str, int] = {}
    for (kind, outcome), count in sorted(status.sends.items()):
        sends.add_metric((kind, outcome), count)
        if outcome in REFUSED:
            refused[kind] = refused.get(kind, 0) + count
    for kind, count in refused.items():
        refusals.add_metric((kind,), count)
    yield from (sends, refusals)


def _gauges(name: str, help_: str, label: str, values: dict[str, Any]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help_, labels=(label,))
    for key, value in values.items():
        family.add_metric((key,), value)
    return family
