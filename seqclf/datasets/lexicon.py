"""The words and phrases of the bundled reviews, sorted by what they can stand for.

A phrase may hold slots of its own: `the {quick} script` takes a word from "quick".
Articles are written "a"; the generator makes them "an" where English wants it.
"""

from __future__ import annotations

from collections.abc import Mapping


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.strip().splitlines())


PRAISE: Mapping[str, tuple[str, ...]] = {
    "quality": _words("""
        moving gripping witty tender superb inventive elegant thrilling charming graceful
        brilliant haunting delightful absorbing lively fresh touching dazzling heartfelt
        exhilarating enchanting stirring riveting sublime poignant captivating magnificent
    """),
    "thing": _phrases("""
        a masterpiece
        a triumph
        a gem
        a delight
        a marvel
        a treat
        a joy
        a treasure
        a small miracle
        a classic
        a revelation
        a pleasure
        a feast
        a tour de force
        a success
    """),
    "reaction": _phrases("""
        adored it
        loved it
        loved every minute
        laughed until the lights came up
        cheered at the end
        applauded
        stayed for the credits
        sat spellbound
        hung on every word
        bought a second ticket
        left beaming
        went home happy
        praised it to everyone
        wept with joy
        admired it
        cherished every scene
        enjoyed it enormously
        asked to see it again
    """),
    "trait": _words("""
        charm wit warmth grace tenderness beauty energy intelligence elegance invention
        suspense imagination sparkle insight humour feeling
    """),
    "detail": _phrases("""
        {sharp} dialogue
        {lovely} photography
        {assured} performances
        {lovely} music
        {sharp} editing
        {sharp} script
        {lovely} costumes
        {lovely} sets
        {assured} direction
        {assured} supporting cast
        {sharp} jokes
    """),
    "clause": _phrases("""
        the script sparkles
        the jokes land
        the music soars
        the cast shines
        the dialogue crackles
        the story grips
        the camera glides
        the photography glows
        the acting is {assured}
        the direction is {assured}
        the editing is {sharp}
        the costumes are {lovely}
        the sets are {lovely}
        the plot clicks
        the humour delights
    """),
    "manner": _words("well beautifully brilliantly strongly splendidly"),
    "felt": _words("moved charmed amused thrilled touched enchanted"),
    "advice": _phrases("""
        Go and see it
        Do not miss it
        Buy a ticket while you can
        Take everybody you know
        I would gladly sit through it again
        It deserves every prize going
        Drop everything and go
        Nothing this season comes close
        I have been recommending it ever since
        What a lovely evening
    """),
}
"""What speaks for a film."""

BLAME: Mapping[str, tuple[str, ...]] = {
    "quality": _words("""
        dull tedious flat clumsy lifeless muddled predictable dreary hollow smug shallow
        contrived leaden stale pompous sluggish grating forgettable bland lazy incoherent
        tiresome soulless dismal plodding pretentious dreadful
    """),
    "thing": _phrases("""
        a mess
        a bore
        a dud
        a chore
        a disaster
        a mistake
        a flop
        a slog
        a shambles
        a waste of time
        a sermon
        a failure
        a ordeal
        a letdown
        a fiasco
        a disappointment
    """),
    "reaction": _phrases("""
        hated it
        loathed it
        walked out
        fell asleep
        left before the end
        yawned throughout
        gave up after an hour
        asked for a refund
        dozed off
        groaned aloud
        fidgeted
        despised it
        stared at the ceiling
        counted the minutes
        longed to leave
        resented every moment
        slept through most of it
        regretted buying a ticket
    """),
    "trait": _words("""
        tedium clumsiness noise vanity gloom bluster muddle dullness smugness silliness
        coldness pomposity laziness padding crudeness monotony
    """),
    "detail": _phrases("""
        {clunky} dialogue
        {ugly} photography
        {hammy} performances
        {ugly} music
        {clunky} editing
        {clunky} script
        {ugly} costumes
        {ugly} sets
        {hammy} direction
        {hammy} supporting cast
        {clunky} jokes
    """),
    "clause": _phrases("""
        the script creaks
        the jokes fall flat
        the music drones
        the cast sleepwalks
        the dialogue clanks
        the story drifts
        the camera dithers
        the pace sags
        the acting is {hammy}
        the direction is {hammy}
        the editing is {clunky}
        the costumes are {ugly}
        the sets are {ugly}
        the plot collapses
        the humour grates
    """),
    "manner": _words("badly poorly feebly weakly awkwardly"),
    "felt": _words("bored annoyed irritated baffled embarrassed confused"),
    "advice": _phrases("""
        Stay at home
        Save your money
        Keep well away
        I want my evening back
        Once was more than enough
        Nobody should have to pay for this
        Choose anything else
        I have been warning people ever since
        What a wretched evening
        Even the popcorn was better
    """),
}
"""What speaks against a film; the same kinds as in `PRAISE`."""

NEUTRAL: Mapping[str, tuple[str, ...]] = {
    "sharp": _words("sharp nimble sparkling clever crisp deft"),
    "lovely": _words("lovely gorgeous radiant sumptuous exquisite ravishing"),
    "assured": _words("subtle truthful fearless assured nuanced flawless"),
    "clunky": _words("clunky corny trite slack careless feeble"),
    "ugly": _words("ugly drab garish cheap shoddy gaudy"),
    "hammy": _words("hammy listless unconvincing mannered stiff half-hearted"),
    "it": _phrases("""
        it
        the film
        this film
        the picture
        {title}
    """),
    "genre": _words("""
        film film thriller western comedy romance musical documentary drama mystery
        fantasy satire biography melodrama fable farce tragedy adventure
    """),
    "early": _phrases("""
        first hour
        opening
        first half
        prologue
        opening act
        beginning
        first reel
        first half hour
        set-up
    """),
    "late": _phrases("""
        ending
        last hour
        second half
        finale
        closing act
        final reel
        conclusion
        last half hour
        climax
    """),
    "original": _words("novel play remake sequel book opera comic pilot memoir novella"),
    "moment": _words("moment scene minute line shot"),
    "other": _phrases("""
        my brother
        my sister
        my husband
        my wife
        my uncle
        my aunt
        my grandmother
        my neighbour
        my best friend
        my flatmate
        my colleagues
        the critics
        my parents
        my students
        the couple behind us
        the man beside me
        the woman next to me
        everyone else
        my cousin
        my boss
        my teenage son
        my daughter
        my dentist
        the rest of my film club
        the festival jury
        half of the hall
        my in-laws
        our babysitter
        the gentleman in the front row
        my landlady
    """),
    "herald": _phrases("""
        the trailer
        the poster
        the first reviews
        the local paper
        the programme notes
        the festival gossip
        the early rumours
        the title
        the synopsis
    """),
    "role": _phrases("""
        retired detective
        young nurse
        clockmaker
        lighthouse keeper
        country doctor
        jazz pianist
        widowed farmer
        schoolteacher
        circus acrobat
        bank clerk
        war photographer
        lonely astronaut
        taxi driver
        piano tuner
        beekeeper
        judge
        ferry captain
        librarian
        stage magician
        locksmith
        boxer
        court interpreter
        violin maker
        deep-sea diver
        mountain guide
        night porter
        pastry cook
        botanist
        shepherd
        forger
        private tutor
        radio announcer
        surgeon
        postal worker
        bookseller
        tailor
        orphan
        exiled poet
        train conductor
        chess champion
        former soldier
        gambler
        baker
        puppeteer
        spy
        architect
        trawler skipper
        archaeologist
        butcher
        ballet dancer
        coal miner
        blacksmith
        senator
        glassblower
        novice priest
        weather forecaster
    """),
    "deed": _phrases("""
        returns to settle an old debt
        inherits a failing bakery
        searches for a missing sister
        finds a suitcase full of letters
        agrees to one last job
        takes in a stray dog
        falls in love with a stranger
        hides a refugee in the attic
        learns to swim at sixty
        uncovers a bribery scandal
        is mistaken for a murderer
        plans to rob a museum
        adopts three quarrelsome children
        rebuilds a wooden boat
        is hired to guard a painting
        teaches prisoners to sing
        swaps lives with a twin
        nurses a wounded enemy
        runs for mayor
        loses a fortune at cards
        is blackmailed by a neighbour
        writes a cookery column under a false name
        trains a blind horse
        opens a hotel for ghosts
        defends a hopeless case
        hears a confession by accident
        digs up a Roman coin
        looks after a lost elephant
        keeps a diary in code
        meets a long-lost father
        is snowed in with a rival
        steals a bishop's ring
        repairs the village organ
    """),
    "voyage": _phrases("""
        crosses the desert on foot
        wakes up in the wrong century
        escapes from an island prison
        walks across the frozen sea
        joins a travelling orchestra
        travels to a distant wedding
        searches for the source of a river
        misses the last train home
        wins a ticket to the moon
        follows a map drawn by a child
        buys a ruined castle at an auction
        receives postcards from the dead
        sails round the world alone
        rides a mule to the capital
        boards the wrong aeroplane
        carries a secret over the mountains
    """),
    "share": _phrases("""
        share a flat
        quarrel over a inheritance
        fall in love
        set up a newspaper
        hunt for buried silver
        compete for the same post
        plot a kidnapping
        trade secrets
        cross paths
        build a flying machine
        fight a duel
        raise an abandoned baby
        write a song together
        fake a robbery
        wait for the same letter
        open a restaurant
        investigate a fire
        smuggle medicine
        swap houses
        rehearse a tango
    """),
    "place": _phrases("""
        a fishing village in Norway
        a mining town
        Lisbon in the nineteen-fifties
        a remote monastery
        wartime London
        a hotel in the Alps
        a sleepy suburb
        the Scottish Highlands
        a harbour town
        the back streets of Naples
        a Canadian forest
        a boarding school
        the Australian outback
        a travelling circus
        a drought-stricken valley
        a crumbling palace
        present-day Lagos
        a seaside resort in winter
        a factory on strike
        Vienna before the war
        a Welsh quarry
        a caravan park
        a Brazilian port
        a vineyard in Chile
        Istanbul during a heatwave
    """),
    "backdrop": _phrases("""
        a submarine
        a space station
        a Arctic weather station
        a skyscraper
        a cargo ship
        medieval Japan
        revolutionary Paris
        the court of a mad king
        a abandoned airfield
        a hospital at night
        a stalled lift
        a single kitchen
        a snowbound railway carriage
        the last days of Pompeii
        ancient Egypt
        a lifeboat
    """),
    "journey": _phrases("""
        a night train to Prague
        a long flight to Auckland
        a overnight ferry to Dublin
        a coach to Glasgow
        a flight from Mumbai
        a slow train to York
    """),
    "city": _words("""
        Leeds Dublin Cardiff Glasgow Bristol York Toronto Melbourne Belfast Brighton Galway
        Norwich Boston Chicago Auckland Nairobi Mumbai Ghent Oslo Prague
    """),
    "venue": _phrases("""
        a half-empty hall
        the old cinema by the station
        the festival
        a packed multiplex
        the university
        the village hall
        a converted chapel
        a drive-in by the sea
        the film museum
        the local arts centre
    """),
    "showing": _phrases("""
        a open-air screening
        a matinee
        a late show
        a preview
        a charity premiere
        a midnight screening
    """),
    "company": _phrases("""
        on my own
        with my sister
        with two friends
        with my father
        with colleagues from work
        with my book group
        with a crowd of students
        with our neighbours
        with my godson
        with half the choir
    """),
    "day": _phrases("""
        a wet Tuesday
        a Sunday afternoon
        a cold Friday night
        my birthday
        New Year's Day
        a Monday evening
        the hottest day of August
        a foggy Thursday
        a snowy Saturday
        a bank holiday
        a rainy Wednesday
        its opening night
    """),
    "number": _words("six seven eight nine ten eleven twelve thirteen twenty thirty forty"),
    "length": _phrases("""
        just under two hours
        barely eighty minutes
        two and a half hours
        close to three hours
        a little over an hour and a half
        exactly one hundred minutes
    """),
    "reel": _phrases("""
        in black and white
        on location in {city}
        on a shoestring budget
        with a handheld camera
        in a single disused warehouse
        on sixteen-millimetre film
        almost entirely at night
        in a mixture of English and French
        over {number} summers
        without professional actors
    """),
    "first": _words("""
        Ana Bruno Clara Dev Elena Felix Greta Hugo Ines Jonas Keiko Leo Mira Nils Olga Pablo
        Rosa Samir Tessa Umar Vera Walter Yusuf Zoe Maud Edgar Priya Ivo Nadia Ruben
    """),
    "last": _words("""
        Keller Osei Marchetti Lindqvist Varga Okafor Brennan Castellano Dubois Ferreira
        Haddad Ishikawa Jansen Kowalska Moreau Novak Petrov Quayle Rahman Sorensen Tanaka
        Ullman Whitlock Yilmaz Zeller Abara Beaumont Carver Delgado Eriksen
    """),
    "person": _phrases("{first} {last}"),
    "title": _phrases("""
        The Glass Orchard
        A Harbour of Salt
        Seven Bells
        The Tin Violin
        Paper Lanterns
        North of Nowhere
        The Cartographer
        Midnight Ferry
        Blue Gravel
        The Weaver's Window
        Mister Quill
        Under the Linden
        The Copper Road
        Snow on the Wire
        The Second Lamp
        Ashes and Apricots
        The Kestrel
        Letters to Marguerite
        A House in Cork Lane
        The Sleepless Garden
        Velvet Thunder
        The Borrowed Crown
        Crow Hill
        The Longest Platform
        Marble Arcade
        The Iron Bell
        Kingfisher
        Pilgrims of Dust
        The Last Cartwheel
        Tomorrow's Bread
        Rook Island
        Eleven Umbrellas
        The Amber Switch
        Silent Ledger
        Foxglove Avenue
        The Ferryman's Daughter
        Wolf Parade
        Thirteen Chimneys
        Orbit of Lilies
        The Turnpike
    """),
}
"""What says nothing for or against a film, and the shades of praise and blame."""
