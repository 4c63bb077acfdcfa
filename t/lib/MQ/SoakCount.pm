# SPDX-License-Identifier: GPL-3.0-or-later
# SoakCount.pm - what the programs that count say, beside what is there
#
# check_mqueue, check_relayflood, qstat, mqreport and bb-ext. busy() allows
# for the changes while a program ran; exact() allows for nothing.
package MQ::SoakCount;
use strict;
use warnings;

use JSON::PP;
use List::Util qw(max min sum0);
use MQ;
use MQ::Flush;
use MQ::Net;

# No threshold is in reach of these, so that the status is OK whatever comes.
my @CALM = ('-w', 100_000, '-c', 200_000, '--age-warning', '9d',
    '--age-critical', '9d', '--lost-warning', 100_000);

sub new {
	my ($class, %all) = @_;
	return bless {%all, q => ['-q', $all{queue}], state => ['--state-dir',
	    "$all{dir}/state"], turn => 0}, $class;
}

# --- while the queue changes -------------------------------------------------

sub busy {
	my ($self) = @_;
	my @by = qw(network name helo sender sender-domain recipient-domain
	    status relay);
	my $by = $by[$self->{turn}++ % @by];
	$self->_within('check_mqueue', sub { $_[0] =~ /mqueue_in=(\d+);/ },
	    @{$self->{q}}, @{$self->{state}}, @CALM);
	$self->_within('check_mqueue', sub { $_[0] =~ /mqueue_in=(\d+);/ },
	    '-H', $self->{server}, @{$self->{state}}, @CALM);
	for my $more ([], ['-t', 5], ['--by', $by], ['--growth', '-v']) {
		$self->_within('check_relayflood',
		    sub { $_[0] =~ /messages=(\d+);/ }, @{$self->{q}},
		    '-w', '100000,100%', '-c', '100000,100%', @$more);
	}
	my $total = sub { decode_json($_[0])->{total} };
	$self->_within('qstat', $total, @{$self->{q}}, '--json', '--by', $by);
	$self->_within('qstat', $total, @{$self->{q}}, '--json', '--ages');
	$self->_within('qstat', $total, @{$self->{q}}, '--json', '-t', 5);
	$self->_within('qstat', sub { sum0($_[0] =~ /^(?!key)[^\t]*\t[^\t]*
	    \t[^\t]*\t(\d+)/mgx) }, @{$self->{q}}, '--tsv', '-n', 3);
	$self->_within('qstat', sub { $_[0] =~ /: (\d+) messages?, oldest/ },
	    @{$self->{q}}, '--sort', 'oldest');
	$self->_within('mqreport', sub { $_[0] =~ / messages=(\d+) oldest/ },
	    @{$self->{q}}, '--relays', 10);
	$self->_messages_of(SPAMMER);
	$self->_metrics;
}

# Runs it, and sees that the number is within what was there meanwhile: as
# many of SPAMMER's as qflush leaves.
sub _within {
	my ($self, $name, $number, @args) = @_;
	my ($soak, $churn) = @$self{qw(soak churn)};
	my $mark = $churn->mark;
	my $n = $churn->count('qi');
	my $spam = $churn->count('qhm', 1) - $churn->count('qhm');
	my $r = $soak->run_program($name, @args);
	my $events = $churn->events($mark);
	my $what = "$name @args";
	$self->_is_well($r, 0, $what);
	my ($got) = eval { $number->($r->{out}) };
	$soak->between($got, max(0, $n - $events), $n + 2 * $spam + $events,
	    $what);
	return;
}

sub _is_well {
	my ($self, $r, $code, $what) = @_;
	$self->{soak}->check($r->{code} == $code && $r->{err} eq '', $what,
	    "status $r->{code}, expected $code", $r->{err}, $r->{code} == $code
	    ? () : substr $r->{out}, 0, 300);
}

# A list of messages has each once, and all are of that relay.
sub _messages_of {
	my ($self, $relay) = @_;
	my $r = $self->{soak}->run_program('qstat', @{$self->{q}}, '--messages',
	    $relay, '--json', '-n', 0);
	$self->_is_well($r, 0, "qstat --messages $relay");
	my $json = eval { decode_json($r->{out}) } // {messages => []};
	my @list = @{$json->{messages}};
	$self->{soak}->equal(scalar(grep { ($_->{relay} // '') ne $relay }
	    @list), 0, "qstat --messages $relay: others");
	return map { $_->{id} } @list;
}

sub _metrics {
	my ($self) = @_;
	my $file = "$self->{dir}/metrics.prom";
	$self->_is_well($self->{soak}->run_program('mqreport', @{$self->{q}},
	    '--openmetrics', '--output', $file), 0, 'mqreport --output');
	$self->{soak}->check(slurp($file) =~ /^mqueue_messages.*# EOF\n\z/ms,
	    'the file for node_exporter is whole');
}

# --- while it does not -------------------------------------------------------

# What is there, and the status that check_relayflood has to give.
sub _truth {
	my ($self) = @_;
	my $churn = $self->{churn};
	my %relays = $churn->relays;
	my %t = (n => $churn->count('qi', 1), held => $churn->count('h', 1),
	    lost => $churn->count('Q', 1), unfinished => $churn->count('i', 1),
	    relays => \%relays, largest => max(0, values %relays));
	my %all = ($churn->messages(0), $churn->messages(1));
	$t{first} = min(map { $_->{created} } grep { $_->{kind} =~ /[qi]/ }
	    values %all);
	$t{flood} = 0;
	for my $level ([1, 100, 10], [2, 300, 30]) {
		my ($state, $most, $share) = @$level;
		$t{flood} = $state if $t{largest} > ($t{n} > 1000 ?
		    max($most, $t{n} * $share / 100) : $most);
	}
	return \%t;
}

sub exact {
	my ($self) = @_;
	my $t = $self->_truth;
	$self->_exact_mqueue($t, @{$self->{q}});
	$self->_exact_mqueue($t, '-H', $self->{server});
	$self->_exact_relayflood($t);
	$self->_exact_relayflood($t, '-t', 5);
	# Threads have room for an arena of their own here.
	$self->_exact_relayflood($t, {as => 192});
	$self->_exact_merge($t);
	$self->_exact_groups($t, 'relay', $t->{relays});
	my %domains = (spam => 0);
	for my $relay (keys %{$t->{relays}}) {
		my ($tail) = $relay =~ /(\d+)$/;
		$domains{'d' . ($tail % 7) . '.example'} +=
		    $t->{relays}{$relay};
	}
	delete $domains{spam};
	$self->_exact_groups($t, 'sender-domain', \%domains);
	$self->_exact_ages($t);
	$self->_exact_text($t);
	$self->_exact_messages;
	$self->_exact_show;
	$self->_exact_report($t);
	$self->_exact_status($t);
}

# After one more change.
sub exact_few {
	my ($self) = @_;
	my $t = $self->_truth;
	$self->_exact_mqueue($t, @{$self->{q}});
	$self->_exact_relayflood($t);
	$self->_exact_report($t);
}

sub _exact_mqueue {
	my ($self, $t, @args) = @_;
	my $soak = $self->{soak};
	my @opt = ('-w', 300, '-c', 600, '--age-warning', '9d',
	    '--age-critical', '9d');
	my $before = time;
	my $r = $soak->run_program('check_mqueue', @args, @{$self->{state}}, @opt);
	my $what = "check_mqueue @args";
	$self->_is_well($r, $t->{n} > 600 ? 2 : $t->{n} > 300 || $t->{lost} ?
	    1 : 0, $what);
	my $perf = parse_output($r->{out})->{perf};
	$soak->equal($perf->{mqueue_in}{value}, $t->{n}, $what);
	$soak->equal($perf->{mqueue_in_held}{value}, $t->{held}, "$what: held");
	$soak->equal($perf->{mqueue_in_lost}{value}, $t->{lost}, "$what: lost");
	$soak->between($perf->{mqueue_in_oldest}{value}, $before -
	    $t->{first} - 1, time - $t->{first}, "$what: oldest");
}

sub _exact_relayflood {
	my ($self, $t, @args) = @_;
	my $soak = $self->{soak};
	my @opt = ref $args[0] ? shift @args : ();
	my $r = $soak->run_program(@opt, 'check_relayflood', @{$self->{q}}, @args);
	my $what = 'check_relayflood' . (@opt ? ' with threads' : '');
	$self->_is_well($r, $t->{flood}, $what);
	my $p = parse_output($r->{out});
	$soak->equal($p->{perf}{messages}{value}, $t->{n}, $what);
	$soak->equal($p->{perf}{read}{value}, $t->{n}, "$what: read");
	$soak->equal($p->{perf}{relays}{value}, scalar keys %{$t->{relays}},
	    "$what: relays");
	$soak->equal($p->{perf}{top_count}{value}, $t->{largest},
	    "$what: the largest");
	my ($count) = $r->{out} =~ /^incomplete OK: (\d+) /m;
	$soak->equal($count // 0, $t->{unfinished}, "$what: incomplete");
}

# The same by the report of the server.
sub _exact_merge {
	my ($self, $t) = @_;
	my $r = $self->{soak}->run_program('check_relayflood', '--merge',
	    $self->{server});
	$self->_is_well($r, $t->{flood}, 'check_relayflood --merge');
	my $perf = parse_output($r->{out})->{perf};
	$self->{soak}->equal($perf->{messages}{value}, $t->{n},
	    'check_relayflood --merge');
	$self->{soak}->equal($perf->{top_count}{value}, $t->{largest},
	    'check_relayflood --merge: the largest');
}

sub _exact_groups {
	my ($self, $t, $by, $expected) = @_;
	my $soak = $self->{soak};
	my $r = $soak->run_program('qstat', @{$self->{q}}, '--by', $by, '--json',
	    '-n', 0);
	$self->_is_well($r, 0, "qstat --by $by");
	my $json = eval { decode_json($r->{out}) } // {};
	my %got = map { $_->{key} => $_->{count} } @{$json->{groups}};
	$soak->equal(_sorted(\%got), _sorted($expected), "qstat --by $by");
	$soak->equal($json->{total}, $t->{n}, "qstat --by $by: total");
	$soak->equal($json->{queues}[0]{quarantined}, $t->{held},
	    "qstat --by $by: quarantined");
	$r = $soak->run_program('qstat', @{$self->{q}}, '--by', $by, '--tsv', '-n',
	    0);
	$self->_is_well($r, 0, "qstat --tsv --by $by");
	my %tsv = map { (split /\t/)[0, 3] } grep { /^(?!key)[^\t]/ } split
	    /\n/, $r->{out};
	$soak->equal(_sorted(\%tsv), _sorted($expected), "qstat --tsv --by $by");
}

sub _sorted {
	my ($hash) = @_;
	return join ' ', map { "$_=$hash->{$_}" } sort keys %$hash;
}

sub _exact_ages {
	my ($self, $t) = @_;
	my $r = $self->{soak}->run_program('qstat', @{$self->{q}}, '--ages', '-n',
	    0, '--json');
	$self->_is_well($r, 0, 'qstat --ages');
	my $json = eval { decode_json($r->{out}) } // {};
	$self->{soak}->equal(sum0(map { $_->{count} } @{$json->{groups}}),
	    sum0(values %{$t->{relays}}), 'qstat --ages');
	$r = $self->{soak}->run_program('qstat', @{$self->{q}}, '--ages');
	$self->_is_well($r, 0, 'qstat --ages as text');
}

sub _exact_text {
	my ($self, $t) = @_;
	my $r = $self->{soak}->run_program('qstat', @{$self->{q}});
	$self->_is_well($r, 0, 'qstat');
	my ($n) = $r->{out} =~ /^mqueue\.in: (\d+) messages?, oldest/m;
	$self->{soak}->equal($n, $t->{n}, 'qstat as text');
	my ($held) = $r->{out} =~ /^not counted: (\d+) quarantined/m;
	$self->{soak}->equal($held // 0, $t->{held}, 'qstat: quarantined');
}

sub _exact_messages {
	my ($self) = @_;
	my %spam = $self->{churn}->messages(1);
	$self->{soak}->equal(join(' ', sort $self->_messages_of(SPAMMER)),
	    join(' ', sort grep { $spam{$_}{kind} eq 'q' } keys %spam),
	    'qstat --messages');
}

# The text of one message is in what --show prints of it.
sub _exact_show {
	my ($self) = @_;
	my %all = $self->{churn}->messages(0);
	my ($id) = grep { $all{$_}{kind} eq 'q' } sort keys %all;
	my $r = $self->{soak}->run_program('qstat', @{$self->{q}}, '--show', $id);
	$self->_is_well($r, 0, "qstat --show $id");
	$self->{soak}->check($r->{out} =~ /\Q$id\E/ && $r->{out} =~
	    /\Q$all{$id}{relay}\E/, "qstat --show $id", $r->{out});
}

# On standard output, and to a client.
sub _exact_report {
	my ($self, $t) = @_;
	my $soak = $self->{soak};
	my $expected = "queue mqueue.in role=in count=exact messages=$t->{n}";
	my $r = $soak->run_program('mqreport', @{$self->{q}}, '--relays', 50);
	$self->_is_well($r, 0, 'mqreport');
	my $client = connect_to($self->{server});
	my $served = eval { read_all($client) } // '';
	close $client;
	for my $row (['mqreport', $r->{out}], ['mqreport, served', $served]) {
		my ($what, $text) = @$row;
		my ($line) = $text =~ /^(queue .*? messages=\d+)/m;
		$soak->equal($line, $expected, $what);
		$soak->check($text =~ /^end\n\z/m, "$what: whole");
		my ($held, $lost) = $text =~ /quarantined=(\d+)[ ]lost=(\d+)
		    [ ]stranded=0(?:[ ]oldest-held=\d+)?$/mx;
		$soak->equal($held, $t->{held}, "$what: quarantined");
		$soak->equal($lost, $t->{lost}, "$what: lost");
		my %got = $text =~ /^relay (\S+) messages=(\d+)$/mg;
		$soak->equal(_sorted(\%got), _sorted($t->{relays}),
		    "$what: relays");
	}
}

# What bb-ext sends to a display.
sub _exact_status {
	my ($self, $t) = @_;
	my $r = $self->{soak}->run_program('bb-ext', '--host', 'mx1', '--display',
	    '127.0.0.1:' . $self->{display}->port, builddir() .
	    '/bin/check_mqueue', @{$self->{q}}, @{$self->{state}}, @CALM);
	$self->_is_well($r, 0, 'bb-ext');
	my ($colour, $n) = $self->{display}->message =~
	    /\Astatus\+15 mx1\.mqueue (\w+) .*^ mqueue_in : (\d+)$/ms;
	$self->{soak}->equal($colour, 'green', 'bb-ext: colour');
	$self->{soak}->equal($n, $t->{n}, 'bb-ext: number');
}

1;
