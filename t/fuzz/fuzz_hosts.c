/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_hosts.c - any bytes are a hosts file of mqc, which comes back whole */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "tools/mqc/hosts.h"

/* 0, or -1 and a clear reason. */
static int
parse(struct mqc_hosts *hosts, const char *text, size_t n)
{
	struct buf why = BUF_INIT;
	int rc = mqc_hosts_parse(hosts, text, n, &why);

	FUZZ_MUST(rc == 0 ? why.len == 0 : fuzz_is_line(buf_str(&why)));
	buf_free(&why);
	return rc;
}

static void
add(struct buf *b, const struct mqc_hosts_one *h)
{
	size_t i;

	buf_addf(b, "%s=", h->name);
	if (h->argv == NULL) {
		buf_addf(b, "[%s]:%s\n", h->peer.host, h->peer.port);
		return;
	}
	FUZZ_MUST(h->argv[0] != NULL);
	for (i = 0; h->argv[i] != NULL; i++)
		buf_addf(b, "%s%s", i == 0 ? "exec:" : " ", h->argv[i]);
	buf_addc(b, '\n');
}

static void
same(const struct mqc_hosts_one *a, const struct mqc_hosts_one *b)
{
	size_t i;

	FUZZ_MUST(strcmp(a->name, b->name) == 0);
	FUZZ_MUST((a->argv == NULL) == (b->argv == NULL));
	if (a->argv == NULL) {
		FUZZ_MUST(net_same_peer(&a->peer, &b->peer));
		return;
	}
	for (i = 0; a->argv[i] != NULL; i++)
		FUZZ_MUST(b->argv[i] != NULL &&
		    strcmp(a->argv[i], b->argv[i]) == 0);
	FUZZ_MUST(b->argv[i] == NULL);
}

static void
round_trip(const struct mqc_hosts *hosts)
{
	struct mqc_hosts again = MQC_HOSTS_INIT;
	struct buf b = BUF_INIT;
	size_t i, j;

	for (i = 0; i < hosts->n; i++) {
		FUZZ_MUST(fuzz_is_line(hosts->v[i].name) &&
		    strlen(hosts->v[i].name) <= MQC_HOSTS_NAME);
		for (j = 0; j < i; j++)
			FUZZ_MUST(strcmp(hosts->v[i].name, hosts->v[j].name) !=
			    0);
		add(&b, &hosts->v[i]);
	}
	FUZZ_MUST(parse(&again, b.data, b.len) == 0 && again.n == hosts->n);
	for (i = 0; i < hosts->n; i++)
		same(&hosts->v[i], &again.v[i]);
	mqc_hosts_free(&again);
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mqc_hosts hosts = MQC_HOSTS_INIT;
	char *text = n != 0 ? fuzz_copy(bytes, n) : NULL;

	if (parse(&hosts, text, n) == 0)
		round_trip(&hosts);
	mqc_hosts_free(&hosts);
	free(text);
	return 0;
}
