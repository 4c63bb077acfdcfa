/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_report.c - any bytes as a report of another host
 *
 * What was parsed is written and parsed again, and has to come out the same.
 */
#include <stdlib.h>
#include <string.h>

#include "mqueue/metrics.h"
#include "mqueue/report.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct buf first = BUF_INIT, second = BUF_INIT, metrics = BUF_INIT;
	struct report r, again;
	enum report_fault fault;
	const char *why;

	fault = report_parse(&r, (const char *)bytes, n, &why);
	if (fault != REPORT_FINE && fault != REPORT_FAILED)
		return 0;
	report_write(&r, &first);
	metrics_write(&r, &metrics);
	/* A name of many bytes grows when it is written. */
	if (first.len <= REPORT_MAX) {
		if (report_parse(&again, first.data, first.len, &why) != fault)
			abort();
		report_write(&again, &second);
		if (first.len != second.len ||
		    memcmp(first.data, second.data, first.len) != 0)
			abort();
		report_free(&again);
	}
	report_free(&r);
	buf_free(&first);
	buf_free(&second);
	buf_free(&metrics);
	return 0;
}
