#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# relayflood_strace.t - what check_relayflood asks of the system: no body is
# opened, no lock taken, and a slow disk is no excuse
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

# traced(\@strace, @arguments): the plugin's result and the trace's lines.
sub traced {
	my ($strace, @args) = @_;
	my $r = run({env => $env}, 'strace', '-f', '-o', "$dir/trace",
	    @$strace, '--', program('check_relayflood'), @args);
	return ({%$r, %{parse_output($r->{out})}},
	    trace_lines("$dir/trace"));
}

make_queue("$dir/flat", 150);
make_queue("$dir/flat", 2, type => 'hf', first => 200);
make_queue("$dir/flat", 2, type => 'Qf', first => 210);
make_queue("$dir/split", 150, split => 1, first => 300);
spew("$dir/flat/$_", '') for qw(tf6AMAF0aE004105 xf6AMAF0aE004105);

my ($r, @trace) = traced(['-e', 'trace=all'], '-q', "$dir/flat", '-q',
    "$dir/split", '--by', 'recipient-domain', '--growth');
is($r->{code}, 1, 'strace runs the plugin') or diag $r->{out}, $r->{err};
is($r->{perf}{messages}{value}, 300, 'and it reads');
my @opened = grep { /\b(?:open|openat|openat2|creat)\(/ } @trace;
my @control = grep { /"qf\w+"/ } @opened;
is(scalar @control, 300, 'each message is opened once');
is_deeply([grep { /"[dhtxQT]f\w+/ } @opened], [],
    'no body, and no file of another kind');
is_deeply([grep { !/O_RDONLY/ || !/O_NOFOLLOW/ || !/O_NONBLOCK/ } @control],
    [], 'only to read, no link is followed, and no FIFO waited for');
is_deeply([grep { /\b(?:flock|F_(?:OFD_)?SETLKW?|F_SETLEASE)\b/ } @trace],
    [], 'no lock is taken');
is_deeply([grep { /\b(?:unlink|rename|mkdir|chmod|link|utime|O_CREAT)/ }
    @trace], [], 'nothing is changed');
is(scalar(grep { /\bwrite\(1,/ } @trace), 1, 'the answer is one write');

# A slow disk: three milliseconds for each read. In a second some hundred of
# the 6000 messages can be read, and the flooder is named all the same.
my @relays = map { "x$_.example [10.0." . int($_ / 250) . '.' . $_ % 250
    . ']' } 0 .. 1799;
make_message("$dir/slow", n => $_, body => undef, relay => $_ % 10 < 7 ?
    'mx.bad.example [192.0.2.66]' : $relays[$_ % @relays]) for 0 .. 5999;
my @slow = ('-e', 'trace=preadv2,pread64', '-e',
    'inject=preadv2,pread64:delay_enter=3000');
($r) = traced(\@slow, '-q', "$dir/slow", '-t', '1');
is($r->{code}, 2, 'a slow disk: CRITICAL') or diag $r->{out};
my ($about, $read) = $r->{text} =~ /^RELAYFLOOD\ CRITICAL\ -\ 192\.0\.2\.66
    \ \(mx\.bad\.example\)\ about\ (\d+)\ of\ 6000\ messages
    .*;\ sampled\ (\d+)\ of\ 6000$/x;
ok(defined $about && $about > 3000 && $about < 5400, '... names the relay')
    or diag $r->{out};
ok(defined $read && $read > 50 && $read < 3000, '... of a sample')
    or diag $r->{out};
is($r->{perf}{read}{value}, $read, '... as perfdata has it');
is($r->{perf}{messages}{value}, 6000, '... of all messages');
is(scalar @{$r->{labels}}, 8, '... with every item');

# Without a flood, a sample says so as well.
($r) = traced(\@slow, '-q', "$dir/slow", '-t', '1', '--ignore',
    '192.0.2.66');
is($r->{code}, 0, 'no flood in a sample is OK') or diag $r->{out};
like($r->{text}, qr/; sampled \d+ of 6000; ignored about \d+/, '... and told');

# A file system that hangs: the alarm answers.
my $hang = 'inject=getdents64:delay_enter=2500000';
($r) = traced(['-e', 'trace=getdents64', '-e', $hang], '-q', "$dir/flat",
    '-t', '1');
is($r->{out}, "RELAYFLOOD UNKNOWN - the file system did not answer within"
    . " 1s\n", 'a listing that hangs is ended by the alarm');
is($r->{code}, 3, '... as UNKNOWN');
($r) = traced(['-e', 'trace=getdents64', '-e', $hang], '-q', "$dir/flat",
    '-t', '1:CRITICAL');
is($r->{code}, 2, '... or as the state that -t names');

# Names that there was no time for.
my @late = ('-e', 'trace=getdents64', '-e',
    'inject=getdents64:delay_enter=1300000:when=1');
for my $row (['2', 3], ['2:WARNING', 1]) {
	my ($timeout, $code) = @$row;
	($r) = traced(\@late, '-q', "$dir/slow", '-t', $timeout, '-c', '9000');
	like($r->{text}, qr/not all names were listed within 2s/,
	    "-t $timeout: a listing that is cut short is told");
	is($r->{code}, $code, '... by its state') or diag $r->{out};
	is_deeply($r->{labels}, [], '... without perfdata');
}

# A listing that breaks off is not a small queue.
($r) = traced(['-e', 'trace=getdents64', '-e',
    'inject=getdents64:error=ESTALE:when=2'], '-q', "$dir/flat", '-w', '1000');
like($r->{text}, qr/^RELAYFLOOD UNKNOWN - flat cannot be read: Stale file handle/,
    'a listing that fails midway');
is($r->{code}, 3, '... is UNKNOWN');

# What the first listing told is known, if the second one breaks off: the
# sample of it holds, and what was read is not all there is.
my ($again, @listed) = traced(['-e', 'trace=getdents64,lseek'], '-q',
    "$dir/slow", '-t', '60');
is($again->{perf}{read}{value}, 6000, 'with time, all are read');
my ($first) = grep { $listed[$_] =~ /lseek\(\d+, 0, SEEK_SET/ } 0 .. $#listed;
my $calls = grep { /getdents64\(/ } @listed[0 .. $first];
($r) = traced(['-e', 'trace=getdents64', '-e',
    'inject=getdents64:error=EIO:when=' . ($calls + 1)], '-q', "$dir/slow",
    '-t', '60');
is($r->{code}, 2, 'a second listing that fails: CRITICAL') or diag $r->{out};
is($r->{perf}{messages}{value}, 6000, '... of all messages');
like($r->{text}, qr/; sampled 4096 of 6000$/, '... by the sample');
done_testing;
