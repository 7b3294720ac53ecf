# 群标：make run 启动机器人；make demo 看八周演示；make test 全部检查；make bench 测速。只需 Python 3.11 或 3.12。
# PYTHON=/path/to/python3.12 picks the interpreter; ARGS="--mode observe" is handed to run, demo, bench and pytest.

VENV := .venv
BIN := $(VENV)/bin
# Hashes are required and nothing is built in isolation, so every byte that comes from outside is pinned.
# -qq: pip's warnings about a machine's own configuration are not the user's business; its errors still show.
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
INSTALL := $(PIP) install --progress-bar off --no-build-isolation --use-pep517 --require-hashes
# A Python that is too old or new, or lacks venv (as Debian's may), is passed over.
FITS := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))

.PHONY: accuracy setup setup-dev run demo test gateway test-gateway soak team crash bench format lock clean

run: setup
	@exec $(BIN)/python -m bot run $(ARGS)

demo: setup
	@exec $(BIN)/python -m bot demo $(ARGS)

test: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 $(ARGS)

# The adapter against wechaty's own Node gateway, both lines; needs Node 20 and npm, and skips what could not be installed.
GATEWAY := tests/wechat/gateway

gateway: setup-dev
	@for line in line0 line1; do \
		if ! command -v npm >/dev/null; then echo '没有 Node/npm：跳过真实网关的测试'; break; fi; \
		if [ $(GATEWAY)/$$line/node_modules/.package-lock.json -nt $(GATEWAY)/$$line/package-lock.json ]; then continue; fi; \
		echo "正在安装网关 $$line…"; \
		(cd $(GATEWAY)/$$line && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) \
			|| echo "网关 $$line 装不上（npm 源连不上？）：跳过它的测试"; \
	done

test-gateway: gateway
	$(BIN)/python -m pytest -rs $(GATEWAY) $(ARGS)

# A heavy day fifty times as fast, with that gateway killed, hung and out of order; ARGS="--minutes 30 --seed 7" for other days.
soak: gateway
	@$(BIN)/python -m tests.soak $(ARGS)

# Two processes, each with a gateway of its own, on one PostgreSQL; each is killed once and comes back.
team: gateway
	@$(BIN)/python -m tests.soak.team $(ARGS)

# The bot killed with SIGKILL at every step of its work, on SQLite and PostgreSQL; ARGS="--gateway" through the real
# gateway (make gateway installs it), ARGS="--crashes 500" for more.
crash: setup-dev
	@$(BIN)/python -m tests.crash $(ARGS)

bench: setup-dev
	@$(BIN)/python -m tests.bench $(ARGS)

# DATA: a directory with spam/ and topic/ tables; ARGS="--sources" also leaves each source out in turn.
accuracy: setup-dev
	@$(BIN)/python -m tests.accuracy $(DATA) $(ARGS)

format: setup-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

setup: $(VENV)/.runtime
	@:

setup-dev: $(VENV)/.dev
	@:

$(BIN)/python:
	@found=; for name in $(or $(PYTHON),python3.11 python3.12 python3 python); do \
		case $$name in */*) places=$$name;; *) places=$$(IFS=:; for dir in $$PATH; do echo "$$dir/$$name"; done);; esac; \
		for place in $$places; do \
			if [ -x "$$place" ] && "$$place" -c '$(FITS)' 2>/dev/null; then found=$$place; break 2; fi; \
		done; \
	done; \
	if [ -z "$$found" ]; then \
		echo '未找到可用的 Python 3.11 或 3.12（需带 venv 和 pip）。装好后重试，或写明：make setup PYTHON=/路径/python3.12' >&2; \
		exit 1; \
	fi; \
	echo "正在建立运行环境 $(VENV)（$$("$$found" -V)）…"; \
	"$$found" -m venv --clear $(VENV)

# The stamps are written last: an interrupted install is taken up again, a finished one is not repeated.
$(VENV)/.runtime: requirements-build.txt requirements.txt pyproject.toml | $(BIN)/python
	@echo '正在安装锁定版本的依赖（首次约需一两分钟）…'
	@$(INSTALL) -r requirements-build.txt
	@$(INSTALL) -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo '正在安装开发与测试工具…'
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

# Keeps the pins that still fit; `make lock UPGRADE=--upgrade` raises them all. No index is named in the files,
# so they serve any mirror; --universal covers both Pythons and every system in one file.
UPGRADE :=
COMPILE := UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile --quiet --no-config --universal \
	--python-version 3.11 --fork-strategy fewest --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links $(UPGRADE)

lock: setup-dev
	@echo '正在重新锁定依赖…'
	@$(COMPILE) --group build -o requirements-build.txt
	@$(COMPILE) pyproject.toml -c requirements-build.txt -o requirements.txt
	@$(COMPILE) pyproject.toml -c requirements-build.txt -c requirements.txt --extra fast --group dev -o requirements-dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
