# Thin names for bootstrap.py, which works without make too: python3 bootstrap.py run
# PORT=8010 and DATA=<dir> change port and data directory; ARGS="-k approve" reaches pytest.
PYTHON ?= python3

.PHONY: run test check bench soak install lock clean
.DEFAULT_GOAL := run

run check install lock clean:
	@exec $(PYTHON) "$(CURDIR)/bootstrap.py" $@

test bench soak:
	@exec $(PYTHON) "$(CURDIR)/bootstrap.py" $@ $(ARGS)
