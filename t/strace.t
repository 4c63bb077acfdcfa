#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# strace.t - what the plugin asks of the system: no queue file is opened, and
# a file system that does not answer is no excuse
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use Test::More;

BEGIN { need('strace') }

# LeakSanitizer can't work below strace.
my $env = {ASAN_OPTIONS => 'detect_leaks=0'};
my $dir = tempdir();
my $plugin = program('check_mqueue');

# traced(\@strace, @arguments): the plugin's result and the trace's lines.
sub traced {
	my ($strace, @args) = @_;
	my $r = run({env => $env}, 'strace', '-f', '-o', "$dir/trace",
	    @$strace, '--', $plugin, '--state-dir', "$dir/state", @args);
	return ({%$r, %{parse_output($r->{out})}},
	    trace_lines("$dir/trace"));
}

make_queue("$dir/flat", 20);
make_queue("$dir/split", 20, split => 1);
make_queue("$dir/split", 3, split => 1, type => 'hf', first => 100);
# Ids without a time in them: 8.8 and an operator's copy.
spew("$dir/flat/$_", '') for qw(qfKAA12345 qfold.bak);

my ($r, @trace) = traced(['-e', 'trace=all'], '-q', "$dir/flat", '-q',
    "$dir/split");
is($r->{code}, 0, 'strace runs the plugin') or diag $r->{out}, $r->{err};
is($r->{perf}{flat}{value}, 22, 'and it counts');
my @in_queue = grep { m{\Q$dir\E/(?:flat|split)} } @trace;
cmp_ok(scalar @in_queue, '>=', 4, 'the trace shows the queues');

my @opened = grep { /\b(?:open|openat|openat2|creat)\(/ } @trace;
my @files = grep { !/O_DIRECTORY/ && m{/(?:flat|split)\b|"[qdhtxQT]f} }
    @opened;
is_deeply(\@files, [], 'no file of a queue is opened');
is_deeply([grep { /\b(?:flock|F_(?:OFD_)?SETLKW?|F_SETLEASE)\b/ } @trace],
    [], 'no lock is taken');
is_deeply([grep { /\b(?:unlink|rename|mkdir|chmod|link)/ } @in_queue], [],
    'nothing in a queue is changed');

my @stats = grep { /stat\w*\(.*"[qdhtxQT]f[^\/"]*"/ } @trace;
is(scalar @stats, 8, 'only ids without a time, and the oldest, are looked up:'
    . ' df, then qf')
    or diag @stats;
is(scalar(grep { /\bwrite\(1,/ } @trace), 1, 'the answer is one write');

# A file system that hangs: the alarm answers.
($r) = traced(['-e', 'trace=getdents64', '-e',
    'inject=getdents64:delay_enter=2500000'], '-q', "$dir/flat", '-t', '1');
is($r->{out}, "MQUEUE UNKNOWN - the file system did not answer within 1s\n",
    'a listing that hangs is ended by the alarm');
is($r->{code}, 3, '... as UNKNOWN');
($r) = traced(['-e', 'trace=getdents64', '-e',
    'inject=getdents64:delay_enter=2500000'], '-q', "$dir/flat", '-t',
    '1:CRITICAL');
is($r->{code}, 2, '... or as the state that -t names');

# A listing that breaks off is not a small queue.
($r) = traced(['-e', 'trace=getdents64', '-e',
    'inject=getdents64:error=ESTALE:when=2'], '-q', "$dir/flat");
is($r->{text}, 'MQUEUE UNKNOWN - flat 1 of 1'
    . ' directories cannot be read: Stale file handle, at least 22 messages,'
    . ' oldest 1m',
    'a listing that fails midway is a lower bound');

# A slow one: the deadline inside the count ends it with a lower bound. The
# plugin looks at the clock every 256 entries, the first time too late.
make_queue("$dir/large", 600, split => 1);
my @slow = ('-e', 'trace=getdents64', '-e',
    'inject=getdents64:delay_enter=950000:when=1', );
($r) = traced(\@slow, '-q', "$dir/large", '-t', '1');
is($r->{code}, 3, 'a count that is cut short is UNKNOWN');
my ($bound) = $r->{text} =~ /^MQUEUE UNKNOWN - large not all counted within 1s, at least (\d+) messages/;
ok(defined $bound && $bound >= 254 && $bound <= 256, 'with a lower bound')
    or diag $r->{out};
is_deeply($r->{labels}, [], 'and no perfdata that no one counted');
is_deeply([glob "$dir/state/$>/check_mqueue/large-*"], [],
    '... nor history');
($r) = traced(\@slow, '-q', "$dir/large", '-t', '1', '-c', 200);
is($r->{code}, 2, 'CRITICAL where the bound already is');
($r) = traced(\@slow, '-q', "$dir/large", '-t', '1', '-w', 200);
is($r->{code}, 3, 'but UNKNOWN where it only warns');
($r) = traced(\@slow, '-q', "$dir/large", '-t', '1:OK', '-w', 200);
is($r->{code}, 1, 'unless -t says that a cut is fine');
done_testing;
