// Built from card/. Lit: © Google LLC, odorik-calls-card.LICENSE.txt
var oi=Object.defineProperty;var ni=Object.getOwnPropertyDescriptor;var l=(o,e,t,i)=>{for(var r=i>1?void 0:i?ni(e,t):e,n=o.length-1,s;n>=0;n--)(s=o[n])&&(r=(i?s(e,t,r):s(r))||r);return i&&r&&oi(e,t,r),r};var de="home-assistant";document.querySelector(de)&&await customElements.whenDefined(de);var vt=globalThis,bt=vt.ShadowRoot&&(vt.ShadyCSS===void 0||vt.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,Zt=Symbol(),he=new WeakMap,st=class{constructor(e,t,i){if(this._$cssResult$=!0,i!==Zt)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(bt&&e===void 0){let i=t!==void 0&&t.length===1;i&&(e=he.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),i&&he.set(t,e))}return e}toString(){return this.cssText}},pe=o=>new st(typeof o=="string"?o:o+"",void 0,Zt),x=(o,...e)=>{let t=o.length===1?o[0]:e.reduce((i,r,n)=>i+(s=>{if(s._$cssResult$===!0)return s.cssText;if(typeof s=="number")return s;throw Error("Value passed to 'css' function must be a 'css' function result: "+s+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(r)+o[n+1],o[0]);return new st(t,o,Zt)},ue=(o,e)=>{if(bt)o.adoptedStyleSheets=e.map(t=>t instanceof CSSStyleSheet?t:t.styleSheet);else for(let t of e){let i=document.createElement("style"),r=vt.litNonce;r!==void 0&&i.setAttribute("nonce",r),i.textContent=t.cssText,o.appendChild(i)}},Gt=bt?o=>o:o=>o instanceof CSSStyleSheet?(e=>{let t="";for(let i of e.cssRules)t+=i.cssText;return pe(t)})(o):o;var{is:si,defineProperty:ai,getOwnPropertyDescriptor:li,getOwnPropertyNames:ci,getOwnPropertySymbols:di,getPrototypeOf:hi}=Object,_t=globalThis,me=_t.trustedTypes,pi=me?me.emptyScript:"",ui=_t.reactiveElementPolyfillSupport,at=(o,e)=>o,lt={toAttribute(o,e){switch(e){case Boolean:o=o?pi:null;break;case Object:case Array:o=o==null?o:JSON.stringify(o)}return o},fromAttribute(o,e){let t=o;switch(e){case Boolean:t=o!==null;break;case Number:t=o===null?null:Number(o);break;case Object:case Array:try{t=JSON.parse(o)}catch{t=null}}return t}},xt=(o,e)=>!si(o,e),fe={attribute:!0,type:String,converter:lt,reflect:!1,useDefault:!1,hasChanged:xt};Symbol.metadata??=Symbol("metadata"),_t.litPropertyMetadata??=new WeakMap;var j=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=fe){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let i=Symbol(),r=this.getPropertyDescriptor(e,i,t);r!==void 0&&ai(this.prototype,e,r)}}static getPropertyDescriptor(e,t,i){let{get:r,set:n}=li(this.prototype,e)??{get(){return this[t]},set(s){this[t]=s}};return{get:r,set(s){let c=r?.call(this);n?.call(this,s),this.requestUpdate(e,c,i)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??fe}static _$Ei(){if(this.hasOwnProperty(at("elementProperties")))return;let e=hi(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(at("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(at("properties"))){let t=this.properties,i=[...ci(t),...di(t)];for(let r of i)this.createProperty(r,t[r])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[i,r]of t)this.elementProperties.set(i,r)}this._$Eh=new Map;for(let[t,i]of this.elementProperties){let r=this._$Eu(t,i);r!==void 0&&this._$Eh.set(r,t)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let i=new Set(e.flat(1/0).reverse());for(let r of i)t.unshift(Gt(r))}else e!==void 0&&t.push(Gt(e));return t}static _$Eu(e,t){let i=t.attribute;return i===!1?void 0:typeof i=="string"?i:typeof e=="string"?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let i of t.keys())this.hasOwnProperty(i)&&(e.set(i,this[i]),delete this[i]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return ue(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,i){this._$AK(e,i)}_$ET(e,t){let i=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,i);if(r!==void 0&&i.reflect===!0){let n=(i.converter?.toAttribute!==void 0?i.converter:lt).toAttribute(t,i.type);this._$Em=e,n==null?this.removeAttribute(r):this.setAttribute(r,n),this._$Em=null}}_$AK(e,t){let i=this.constructor,r=i._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let n=i.getPropertyOptions(r),s=typeof n.converter=="function"?{fromAttribute:n.converter}:n.converter?.fromAttribute!==void 0?n.converter:lt;this._$Em=r;let c=s.fromAttribute(t,n.type);this[r]=c??this._$Ej?.get(r)??c,this._$Em=null}}requestUpdate(e,t,i,r=!1,n){if(e!==void 0){let s=this.constructor;if(r===!1&&(n=this[e]),i??=s.getPropertyOptions(e),!((i.hasChanged??xt)(n,t)||i.useDefault&&i.reflect&&n===this._$Ej?.get(e)&&!this.hasAttribute(s._$Eu(e,i))))return;this.C(e,t,i)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(e,t,{useDefault:i,reflect:r,wrapped:n},s){i&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,s??t??this[e]),n!==!0||s!==void 0)||(this._$AL.has(e)||(this.hasUpdated||i||(t=void 0),this._$AL.set(e,t)),r===!0&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(t){Promise.reject(t)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[r,n]of this._$Ep)this[r]=n;this._$Ep=void 0}let i=this.constructor.elementProperties;if(i.size>0)for(let[r,n]of i){let{wrapped:s}=n,c=this[r];s!==!0||this._$AL.has(r)||c===void 0||this.C(r,void 0,n,c)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(i=>i.hostUpdate?.()),this.update(t)):this._$EM()}catch(i){throw e=!1,this._$EM(),i}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(t=>t.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(t=>this._$ET(t,this[t])),this._$EM()}updated(e){}firstUpdated(e){}};j.elementStyles=[],j.shadowRootOptions={mode:"open"},j[at("elementProperties")]=new Map,j[at("finalized")]=new Map,ui?.({ReactiveElement:j}),(_t.reactiveElementVersions??=[]).push("2.1.2");var Xt=globalThis,ge=o=>o,$t=Xt.trustedTypes,ye=$t?$t.createPolicy("lit-html",{createHTML:o=>o}):void 0,Jt="$lit$",I=`lit$${Math.random().toFixed(9).slice(2)}$`,Qt="?"+I,mi=`<${Qt}>`,W=document,dt=()=>W.createComment(""),ht=o=>o===null||typeof o!="object"&&typeof o!="function",te=Array.isArray,we=o=>te(o)||typeof o?.[Symbol.iterator]=="function",Yt=`[ 	
\f\r]`,ct=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,ve=/-->/g,be=/>/g,B=RegExp(`>|${Yt}(?:([^\\s"'>=/]+)(${Yt}*=${Yt}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),_e=/'/g,xe=/"/g,Ce=/^(?:script|style|textarea|title)$/i,ee=o=>(e,...t)=>({_$litType$:o,strings:e,values:t}),d=ee(1),Fi=ee(2),Ki=ee(3),S=Symbol.for("lit-noChange"),h=Symbol.for("lit-nothing"),$e=new WeakMap,V=W.createTreeWalker(W,129);function Ae(o,e){if(!te(o)||!o.hasOwnProperty("raw"))throw Error("invalid template strings array");return ye!==void 0?ye.createHTML(e):e}var Ee=(o,e)=>{let t=o.length-1,i=[],r,n=e===2?"<svg>":e===3?"<math>":"",s=ct;for(let c=0;c<t;c++){let a=o[c],m,b,p=-1,g=0;for(;g<a.length&&(s.lastIndex=g,b=s.exec(a),b!==null);)g=s.lastIndex,s===ct?b[1]==="!--"?s=ve:b[1]!==void 0?s=be:b[2]!==void 0?(Ce.test(b[2])&&(r=RegExp("</"+b[2],"g")),s=B):b[3]!==void 0&&(s=B):s===B?b[0]===">"?(s=r??ct,p=-1):b[1]===void 0?p=-2:(p=s.lastIndex-b[2].length,m=b[1],s=b[3]===void 0?B:b[3]==='"'?xe:_e):s===xe||s===_e?s=B:s===ve||s===be?s=ct:(s=B,r=void 0);let f=s===B&&o[c+1].startsWith("/>")?" ":"";n+=s===ct?a+mi:p>=0?(i.push(m),a.slice(0,p)+Jt+a.slice(p)+I+f):a+I+(p===-2?c:f)}return[Ae(o,n+(o[t]||"<?>")+(e===2?"</svg>":e===3?"</math>":"")),i]},pt=class o{constructor({strings:e,_$litType$:t},i){let r;this.parts=[];let n=0,s=0,c=e.length-1,a=this.parts,[m,b]=Ee(e,t);if(this.el=o.createElement(m,i),V.currentNode=this.el.content,t===2||t===3){let p=this.el.content.firstChild;p.replaceWith(...p.childNodes)}for(;(r=V.nextNode())!==null&&a.length<c;){if(r.nodeType===1){if(r.hasAttributes())for(let p of r.getAttributeNames())if(p.endsWith(Jt)){let g=b[s++],f=r.getAttribute(p).split(I),C=/([.?@])?(.*)/.exec(g);a.push({type:1,index:n,name:C[2],strings:f,ctor:C[1]==="."?Ct:C[1]==="?"?At:C[1]==="@"?Et:G}),r.removeAttribute(p)}else p.startsWith(I)&&(a.push({type:6,index:n}),r.removeAttribute(p));if(Ce.test(r.tagName)){let p=r.textContent.split(I),g=p.length-1;if(g>0){r.textContent=$t?$t.emptyScript:"";for(let f=0;f<g;f++)r.append(p[f],dt()),V.nextNode(),a.push({type:2,index:++n});r.append(p[g],dt())}}}else if(r.nodeType===8)if(r.data===Qt)a.push({type:2,index:n});else{let p=-1;for(;(p=r.data.indexOf(I,p+1))!==-1;)a.push({type:7,index:n}),p+=I.length-1}n++}}static createElement(e,t){let i=W.createElement("template");return i.innerHTML=e,i}};function Z(o,e,t=o,i){if(e===S)return e;let r=i!==void 0?t._$Co?.[i]:t._$Cl,n=ht(e)?void 0:e._$litDirective$;return r?.constructor!==n&&(r?._$AO?.(!1),n===void 0?r=void 0:(r=new n(o),r._$AT(o,t,i)),i!==void 0?(t._$Co??=[])[i]=r:t._$Cl=r),r!==void 0&&(e=Z(o,r._$AS(o,e.values),r,i)),e}var wt=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:i}=this._$AD,r=(e?.creationScope??W).importNode(t,!0);V.currentNode=r;let n=V.nextNode(),s=0,c=0,a=i[0];for(;a!==void 0;){if(s===a.index){let m;a.type===2?m=new J(n,n.nextSibling,this,e):a.type===1?m=new a.ctor(n,a.name,a.strings,this,e):a.type===6&&(m=new kt(n,this,e)),this._$AV.push(m),a=i[++c]}s!==a?.index&&(n=V.nextNode(),s++)}return V.currentNode=W,r}p(e){let t=0;for(let i of this._$AV)i!==void 0&&(i.strings!==void 0?(i._$AI(e,i,t),t+=i.strings.length-2):i._$AI(e[t])),t++}},J=class o{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,i,r){this.type=2,this._$AH=h,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=i,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=Z(this,e,t),ht(e)?e===h||e==null||e===""?(this._$AH!==h&&this._$AR(),this._$AH=h):e!==this._$AH&&e!==S&&this._(e):e._$litType$!==void 0?this.$(e):e.nodeType!==void 0?this.T(e):we(e)?this.k(e):this._(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==h&&ht(this._$AH)?this._$AA.nextSibling.data=e:this.T(W.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:i}=e,r=typeof i=="number"?this._$AC(e):(i.el===void 0&&(i.el=pt.createElement(Ae(i.h,i.h[0]),this.options)),i);if(this._$AH?._$AD===r)this._$AH.p(t);else{let n=new wt(r,this),s=n.u(this.options);n.p(t),this.T(s),this._$AH=n}}_$AC(e){let t=$e.get(e.strings);return t===void 0&&$e.set(e.strings,t=new pt(e)),t}k(e){te(this._$AH)||(this._$AH=[],this._$AR());let t=this._$AH,i,r=0;for(let n of e)r===t.length?t.push(i=new o(this.O(dt()),this.O(dt()),this,this.options)):i=t[r],i._$AI(n),r++;r<t.length&&(this._$AR(i&&i._$AB.nextSibling,r),t.length=r)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let i=ge(e).nextSibling;ge(e).remove(),e=i}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},G=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,i,r,n){this.type=1,this._$AH=h,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=n,i.length>2||i[0]!==""||i[1]!==""?(this._$AH=Array(i.length-1).fill(new String),this.strings=i):this._$AH=h}_$AI(e,t=this,i,r){let n=this.strings,s=!1;if(n===void 0)e=Z(this,e,t,0),s=!ht(e)||e!==this._$AH&&e!==S,s&&(this._$AH=e);else{let c=e,a,m;for(e=n[0],a=0;a<n.length-1;a++)m=Z(this,c[i+a],t,a),m===S&&(m=this._$AH[a]),s||=!ht(m)||m!==this._$AH[a],m===h?e=h:e!==h&&(e+=(m??"")+n[a+1]),this._$AH[a]=m}s&&!r&&this.j(e)}j(e){e===h?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??"")}},Ct=class extends G{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===h?void 0:e}},At=class extends G{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==h)}},Et=class extends G{constructor(e,t,i,r,n){super(e,t,i,r,n),this.type=5}_$AI(e,t=this){if((e=Z(this,e,t,0)??h)===S)return;let i=this._$AH,r=e===h&&i!==h||e.capture!==i.capture||e.once!==i.once||e.passive!==i.passive,n=e!==h&&(i===h||r);r&&this.element.removeEventListener(this.name,this,i),n&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},kt=class{constructor(e,t,i){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=i}get _$AU(){return this._$AM._$AU}_$AI(e){Z(this,e)}},ke={M:Jt,P:I,A:Qt,C:1,L:Ee,R:wt,D:we,V:Z,I:J,H:G,N:At,U:Et,B:Ct,F:kt},fi=Xt.litHtmlPolyfillSupport;fi?.(pt,J),(Xt.litHtmlVersions??=[]).push("3.3.3");var Re=(o,e,t)=>{let i=t?.renderBefore??e,r=i._$litPart$;if(r===void 0){let n=t?.renderBefore??null;i._$litPart$=r=new J(e.insertBefore(dt(),n),n,void 0,t??{})}return r._$AI(o),r};var ie=globalThis,A=class extends j{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Re(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return S}};A._$litElement$=!0,A.finalized=!0,ie.litElementHydrateSupport?.({LitElement:A});var gi=ie.litElementPolyfillSupport;gi?.({LitElement:A});(ie.litElementVersions??=[]).push("4.2.2");var $=o=>(e,t)=>{t!==void 0?t.addInitializer(()=>{customElements.define(o,e)}):customElements.define(o,e)};var yi={attribute:!0,type:String,converter:lt,reflect:!1,hasChanged:xt},vi=(o=yi,e,t)=>{let{kind:i,metadata:r}=t,n=globalThis.litPropertyMetadata.get(r);if(n===void 0&&globalThis.litPropertyMetadata.set(r,n=new Map),i==="setter"&&((o=Object.create(o)).wrapped=!0),n.set(t.name,o),i==="accessor"){let{name:s}=t;return{set(c){let a=e.get.call(this);e.set.call(this,c),this.requestUpdate(s,a,o,!0,c)},init(c){return c!==void 0&&this.C(s,void 0,o,c),c}}}if(i==="setter"){let{name:s}=t;return function(c){let a=this[s];e.call(this,c),this.requestUpdate(s,a,o,!0,c)}}throw Error("Unsupported decorator location: "+i)};function u(o){return(e,t)=>typeof t=="object"?vi(o,e,t):((i,r,n)=>{let s=r.hasOwnProperty(n);return r.constructor.createProperty(n,i),s?Object.getOwnPropertyDescriptor(r,n):void 0})(o,e,t)}function E(o){return u({...o,state:!0,attribute:!1})}var St={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Tt=o=>(...e)=>({_$litDirective$:o,values:e}),Q=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,i){this._$Ct=e,this._$AM=t,this._$Ci=i}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}};var{I:bi}=ke,Se=o=>o;var Te=()=>document.createComment(""),tt=(o,e,t)=>{let i=o._$AA.parentNode,r=e===void 0?o._$AB:e._$AA;if(t===void 0){let n=i.insertBefore(Te(),r),s=i.insertBefore(Te(),r);t=new bi(n,s,o,o.options)}else{let n=t._$AB.nextSibling,s=t._$AM,c=s!==o;if(c){let a;t._$AQ?.(o),t._$AM=o,t._$AP!==void 0&&(a=o._$AU)!==s._$AU&&t._$AP(a)}if(n!==r||c){let a=t._$AA;for(;a!==n;){let m=Se(a).nextSibling;Se(i).insertBefore(a,r),a=m}}}return t},N=(o,e,t=o)=>(o._$AI(e,t),o),_i={},Pe=(o,e=_i)=>o._$AH=e,ze=o=>o._$AH,Pt=o=>{o._$AR(),o._$AA.remove()};var Le=(o,e,t)=>{let i=new Map;for(let r=e;r<=t;r++)i.set(o[r],r);return i},zt=Tt(class extends Q{constructor(o){if(super(o),o.type!==St.CHILD)throw Error("repeat() can only be used in text expressions")}dt(o,e,t){let i;t===void 0?t=e:e!==void 0&&(i=e);let r=[],n=[],s=0;for(let c of o)r[s]=i?i(c,s):s,n[s]=t(c,s),s++;return{values:n,keys:r}}render(o,e,t){return this.dt(o,e,t).values}update(o,[e,t,i]){let r=ze(o),{values:n,keys:s}=this.dt(e,t,i);if(!Array.isArray(r))return this.ut=s,n;let c=this.ut??=[],a=[],m,b,p=0,g=r.length-1,f=0,C=n.length-1;for(;p<=g&&f<=C;)if(r[p]===null)p++;else if(r[g]===null)g--;else if(c[p]===s[f])a[f]=N(r[p],n[f]),p++,f++;else if(c[g]===s[C])a[C]=N(r[g],n[C]),g--,C--;else if(c[p]===s[C])a[C]=N(r[p],n[C]),tt(o,a[C+1],r[p]),p++,C--;else if(c[g]===s[f])a[f]=N(r[g],n[f]),tt(o,r[p],r[g]),g--,f++;else if(m===void 0&&(m=Le(s,f,C),b=Le(c,p,g)),m.has(c[p]))if(m.has(c[g])){let U=b.get(s[f]),Wt=U!==void 0?r[U]:null;if(Wt===null){let ce=tt(o,r[p]);N(ce,n[f]),a[f]=ce}else a[f]=N(Wt,n[f]),tt(o,r[p],Wt),r[U]=null;f++}else Pt(r[g]),g--;else Pt(r[p]),p++;for(;f<=C;){let U=tt(o,a[C+1]);N(U,n[f]),a[f++]=U}for(;p<=g;){let U=r[p++];U!==null&&Pt(U)}return this.ut=s,Pe(o,a),S}});async function ut(o,e,t){let i=e??{},r=i.error??i,{translation_domain:n,translation_key:s}=r;if(n&&s){let a=(await o.loadBackendTranslation("exceptions",n))(`component.${n}.exceptions.${s}.message`,r.translation_placeholders);if(a)return a}return typeof r.message=="string"&&r.code!==3?r.message:t}var y="odorik",Y="odorik-calls-card",Lt=o=>({show:"all",search:"",contact:o}),mt=o=>`end ${o.active_call_id}`,re=["balance","missed_calls_today","cost_this_month"],Mt=[...re,"dial","history"];var et={text:""};function Dt(o){return o.normalize("NFD").replace(new RegExp("\\p{Diacritic}","gu"),"").toLowerCase().trim()}function T(o){return o.name??o.formatted}function Me(o,{text:e,picked:t}){if(t)return[];let i=Dt(e),r=i.replace(/[\s+]/g,"").replace(/^00/,""),n=/^[\d*]+$/.test(r);return o.filter(({name:s,number:c})=>Dt(s??"").includes(i)||n&&c.includes(r)).slice(0,6)}function oe(o,{text:e,picked:t}){if(t)return t;let i=e.trim();if(!i)return;let r=o.filter(({name:n})=>Dt(n??"")===Dt(i));return(r.length===1?r[0]:void 0)??{number:i,name:null,formatted:i}}var De={all:"Vše",all_calls:"Zobrazit všechny hovory",balance:"Kredit",call:"Zavolat",call_back:"Zavolat zpět: {who}",call_back_last:"Zavolat zpět",call_in:"Příchozí hovor",call_missed:"Zmeškaný hovor",call_out:"Odchozí hovor",call_redirected:"Přesměrovaný hovor",call_unknown:"Hovor",caller_id:"Zobrazené číslo",calling:"Vytáčí se",calls_by_week:"Hovory po týdnech",calls_with:"Hovory: {who}",cancel:"Zrušit",card:"Hovory Odorik",config_entry_id:"Účet",confirm_hang_up:"Ukončit tento hovor?",confirm_hang_up_all:"Ukončit všechny tyto hovory?",copied:"Zkopírováno: {number}",copy_number:"Kopírovat číslo",cost:"Útrata",cost_by_month:"Útrata po měsících",cost_this_month:"Tento měsíc",dashboard:"Odorik",dashboard_description:"Hovory, útrata a linky vašeho účtu.",default_line:"Výchozí linka",description:"Kdo volá, kdo volal, zpětné volání jedním klepnutím.",dial:"Číslo nebo kontakt",dial_help:"Zavolat nejdřív mně a pak mě spojit",done:"Vyřízeno: {who}",duration:"Délka",empty:"Zatím žádné hovory",failed:"To se nepovedlo.",filter:"Zobrazit hovory",forbidden:"Nemáte oprávnění zobrazit hovory tohoto účtu.",hang_up:"Zavěsit",hang_up_call:"Zavěsit: {who}",hanging_up:"Zavěšuje se…",hide:"Skrýt",history:"Historie hovorů",history_failed:"Historii hovorů se nepodařilo načíst.",incoming:"Příchozí",incoming_talk_time:"Délka příchozích hovorů",last_days:"Posledních 30 dní",line:"Linka",lines:"Linky",loading:"Načítá se…",lost:"Není spojení s Home Assistantem. Údaje mohou být zastaralé.",minutes_by_month:"Minuty po měsících",missed:"Zmeškané",missed_calls_today:"Dnes zmeškané",missing:"Není tu žádný účet Odorik.",more:"Zobrazit další",no_matches:"Žádné odpovídající hovory",no_statistics:"Statistiky zatím nejsou k dispozici. Po přidání účtu se načítají na pozadí: obnovte stránku za pár minut.",not_answered:"Nepřijato",not_loaded:"Účet {title} právě neběží.",now:"Probíhající hovory",number:"Číslo",older:"Hledat ve starších hovorech",order_unclear:"Spojení se při objednávání přerušilo. Než hovor objednáte znovu, podívejte se, zda už telefon nezvoní.",ordered:"Objednáno. Nejdřív zazvoní {caller}; po zvednutí vás spojíme: {who}.",ordering:"Objednává se hovor…",outgoing:"Odchozí",outgoing_cost:"Útrata za odchozí hovory",outgoing_talk_time:"Délka odchozích hovorů",own_number:"Volané číslo",price:"Cena",rang:"Zvonilo",redirected:"Přesměrované",redirected_to:"Přesměrováno na",retry:"Zkusit znovu",ring_first:"Nejdřív zazvoní",ring_first_ask:"Který telefon má zazvonit jako první?",rings_first:"Nejdřív zazvoní: {who}",search:"Hledat jméno nebo číslo",section:"Hovory",sums_this_month:"Tento měsíc",sums_today:"Dnes",talk_time:"Délka hovorů",this_year:"Letos",title:"Nadpis",top_destination:"Nejdražší destinace",unit_calls:"hovorů",unit_cost:"Kč",unreachable:"Odorik neodpovídá. Údaje mohou být zastaralé.",waiting:"Čekají na zavolání",withheld:"Skryté číslo",years:"Roky"};var ne={all:"All",all_calls:"Show all calls",balance:"Credit",call:"Call",call_back:"Call back: {who}",call_back_last:"Call back",call_in:"Incoming call",call_missed:"Missed call",call_out:"Outgoing call",call_redirected:"Redirected call",call_unknown:"Call",caller_id:"Caller ID",calling:"Calling",calls_by_week:"Calls by week",calls_with:"Calls with {who}",cancel:"Cancel",card:"Odorik calls",config_entry_id:"Account",confirm_hang_up:"End this call?",confirm_hang_up_all:"End all these calls?",copied:"Copied {number}",copy_number:"Copy number",cost:"Cost",cost_by_month:"Cost by month",cost_this_month:"This month",dashboard:"Odorik",dashboard_description:"Your account's calls, costs and lines.",default_line:"Default line",description:"See who is calling and who called, and call back with one tap.",dial:"Number or contact",dial_help:"Call my phone and connect me",done:"Done: {who}",duration:"Duration",empty:"No calls yet",failed:"That did not work.",filter:"Show calls",forbidden:"You don't have permission to see this account's calls.",hang_up:"Hang up",hang_up_call:"Hang up: {who}",hanging_up:"Hanging up…",hide:"Hide",history:"Call history",history_failed:"The call history could not be loaded.",incoming:"Incoming",incoming_talk_time:"Incoming talk time",last_days:"Last 30 days",line:"Line",lines:"Lines",loading:"Loading…",lost:"No connection to Home Assistant. The data shown may be out of date.",minutes_by_month:"Minutes by month",missed:"Missed",missed_calls_today:"Missed today",missing:"There is no Odorik account to show.",more:"Show more",no_matches:"No matching calls",no_statistics:"There are no statistics yet. They are imported in the background after the account is added: reload this page in a few minutes.",not_answered:"Not answered",not_loaded:"The account {title} is not loaded at the moment.",now:"Calls now",number:"Number",older:"Search older calls",order_unclear:"The connection was lost while ordering the call. Check whether a phone is ringing before you order again.",ordered:"Ordered. {caller} rings first; pick up to be connected with {who}.",ordering:"Ordering the call…",outgoing:"Outgoing",outgoing_cost:"Cost of outgoing calls",outgoing_talk_time:"Outgoing talk time",own_number:"Called number",price:"Price",rang:"Rang for",redirected:"Redirected",redirected_to:"Redirected to",retry:"Try again",ring_first:"Ring first",ring_first_ask:"Which phone should ring first?",rings_first:"Rings first: {who}",search:"Search name or number",section:"Calls",sums_this_month:"This month",sums_today:"Today",talk_time:"Talk time",this_year:"This year",title:"Title",top_destination:"Most expensive destination",unit_calls:"calls",unit_cost:"CZK",unreachable:"Odorik is not responding. The data shown may be out of date.",waiting:"To call back",withheld:"Withheld number",years:"Years"};var wi={en:ne,cs:De};function k(o,e,t={}){return(wi[(o??"").split("-")[0]??""]??ne)[e].replace(/\{(\w+)\}/g,(r,n)=>String(t[n]??""))}var Ci=3e3,Ht=class{constructor(e){this.n=e;this.outcomes=new Map}async orderCallback(e,t,{origin:i,recipient:r,who:n,caller:s,line:c}){if(this.outcomes.get(i)?.isLocked)return;let{language:a}=e.locale;this.w(i,{state:"pending",text:k(a,"ordering"),isLocked:!0});let m;try{await He(e,t,"callback",{recipient:r,caller:s?.number,line:c});let b=s?T(s):t.caller?.name??t.caller?.number;this.lastCaller=s??this.lastCaller,m={state:"done",text:k(a,"ordered",{caller:b,who:n})}}catch(b){m={state:"failed",text:await ut(e,b,k(a,"order_unclear"))}}this.w(i,{...m,isLocked:!0}),setTimeout(()=>{this.w(i,m)},Ci)}async hangUp(e,t,i){let{language:r}=e.locale,n=mt(i);this.w(n,{state:"pending",text:k(r,"hanging_up")});try{await He(e,t,"hangup",{active_call_id:i.active_call_id})}catch(s){this.w(n,{state:"failed",text:await ut(e,s,k(r,"failed"))})}}completeItem(e,{inbox:t},i){let r=e.states[t??""]?.state;return!t||!r||r==="unavailable"?!1:(e.callService("todo","update_item",{item:i,status:"completed"},{entity_id:t},!0,!1).catch(()=>{}),!0)}w(e,t){this.outcomes=new Map(this.outcomes).set(e,t),this.n.requestUpdate()}};function He(o,{config_entry_id:e},t,i){return o.callService(y,t,{config_entry_id:e,...i},void 0,!1,!0)}var se={in:"mdi:phone-incoming",out:"mdi:phone-outgoing",redirected:"mdi:phone-forward",missed:"mdi:phone-missed",unknown:"mdi:phone"};function F(o){return o.direction!=="out"&&o.status==="missed"?"missed":o.redirected_to?"redirected":o.direction}function Ue(o){return o.answered_at?"mdi:phone-in-talk":o.direction==="out"?se.out:"mdi:phone-ring"}function M(o,e){return o.name??o.formatted??e.localize("withheld")}function Ut({number:o,name:e,formatted:t}){return o?{number:o,name:e,formatted:t??o}:void 0}function jt({answered_at:o,direction:e}){return!o&&e==="out"?"calling":`call_${e}`}function ae(o,e){let t=Date.parse(o.answered_at??o.started_at??"");return Math.max(0,(e-t)/1e3)||0}function je(o){return[...o].sort((e,t)=>+!!e.answered_at-+!!t.answered_at)}var Ai={all:()=>!0,missed:o=>F(o)==="missed",incoming:o=>o.direction!=="out",outgoing:o=>o.direction==="out"};function Ie(o,e,t){let i=o.filter(s=>s.call_id!==e.call_id||s.call_id===null);if(!Ai[t](e))return i;let r=Date.parse(e.started_at),n=i.filter(s=>Date.parse(s.started_at)>r);return[...n,e,...i.slice(n.length)]}function Oe(o,e){let t={direction:"in",status:"missed",call_id:null,duration:0,ringing_duration:null,price:null,own_formatted:null},i=o.map(r=>({key:r.uid,call:{...t,...r},waiting:r}));return i.length?[{key:"waiting",day:e.localize("waiting")},...i]:[]}function Ne(o,e){return F(o)==="missed"&&e.some(({number:t,first_at:i})=>t===o.number&&i<=o.started_at)}function Fe(o,e,t){let i=new Set,r=s=>{for(;i.has(s);)s+="'";return i.add(s),s},n;return o.flatMap(s=>{let c=new Date(s.started_at),a=e.dayKey(c),m={key:r(it(s)),call:s};return a===n?[m]:(n=a,[{key:r(a),day:e.day(c,t)},m])})}function it(o){return`call ${o.call_id??`${o.started_at} ${o.number}`}`}function It(o){return o.replace(/^00/,"+")}async function Ke(o){try{return await navigator.clipboard.writeText(o),!0}catch{return Ei(o)}}function Ei(o){let e=document.createElement("textarea");e.value=o,e.style.position="fixed",e.style.opacity="0",document.body.append(e),e.select();let t=document.execCommand("copy");return e.remove(),t}function _(o,e,t){o.dispatchEvent(new CustomEvent(e,{bubbles:!0,composed:!0,detail:t}))}var ki=30,Ot=class{constructor(e,t){this.n=e;this.et=t;this.calls=[];this.waiting=[];this.isReachable=!0;this.isOnline=!0;this.isActive=!1;this.clockOffset=0;this.Q=!1;this.tt=0;this._t=new IntersectionObserver(e=>{this.Q=e[e.length-1]?.isIntersecting??!1,this.S()});this.S=()=>{let e=this.n.isConnected&&this.Q&&!document.hidden&&!!this.c;e!==this.isActive&&(this.isActive=e,e?this.X():this.At(),this.n.requestUpdate())};this.wt=()=>{this.isOnline=!0,this.et.reconnected(),this.isActive&&this.X(),this.n.requestUpdate()};this.Ct=()=>{this.isOnline=!1,this.E=void 0,this.n.requestUpdate()};e.addController(this)}hostConnected(){this._t.observe(this.n),document.addEventListener("visibilitychange",this.S),this.c&&this.xt(this.c)}hostDisconnected(){this._t.disconnect(),document.removeEventListener("visibilitychange",this.S),this.Q=!1,this.S(),this.c&&this.$t(this.c)}subscribeTo(e,t){e!==this.c&&(this.c&&this.$t(this.c),this.c=e,this.n.isConnected&&this.xt(e)),t!==this.Y&&(this.Y=t,this.account=void 0,this.calls=this.waiting=[],this.isActive&&this.X()),this.S()}xt(e){e.addEventListener("ready",this.wt),e.addEventListener("disconnected",this.Ct),this.isOnline=e.connected!==!1}$t(e){e.removeEventListener("ready",this.wt),e.removeEventListener("disconnected",this.Ct)}At(){clearTimeout(this.bt),this.E?.(),this.E=void 0}async X(){this.At();let e={type:`${y}/subscribe`,...this.Y&&{config_entry_id:this.Y}},t=!0,i,r=this.E=()=>{t=!1,i?.().catch(()=>{})},n=s=>{t&&this.Bt(s)};try{i=await this.c?.subscribeMessage(n,e,{resubscribe:!1}),this.tt=0,t||i?.().catch(()=>{})}catch{if(!t||this.E!==r)return;let s=Math.min(2**this.tt,ki);this.tt+=1,this.bt=setTimeout(()=>{this.isActive&&this.isOnline&&this.X()},s*1e3)}}Bt({account:e,calls:t,is_reachable:i,now:r,recorded:n,waiting:s}){if(e){let c=this.account;this.account=e,e.state!=="loaded"&&(this.calls=[]),this.et.accountUpdated(e,c)}t&&(this.calls=t,this.isReachable=i??!0,this.clockOffset=Date.parse(r??"")-Date.now()||0),s&&(this.waiting=s),n&&this.et.callRecorded(n),this.n.requestUpdate()}};function rt(o){let[e,t,i]=[o/3600,o/60%60,o%60].map(r=>String(Math.floor(r)));return[...e==="0"?[t]:[e,t?.padStart(2,"0")],i?.padStart(2,"0")].join(":")}var Ri={12:"h12",24:"h23"},Nt=class{constructor(e){this.i=e;let{language:t,time_format:i,time_zone:r}=e.locale,n=r==="server"?{timeZone:e.config.time_zone}:{};this.Et=new Intl.DateTimeFormat(i==="system"?void 0:t,{hour:i==="24"?"2-digit":"numeric",minute:"2-digit",hourCycle:Ri[i],...n}),this.kt=new Intl.DateTimeFormat(t,{weekday:"long",day:"numeric",month:"long",...n}),this.it=new Intl.RelativeTimeFormat(t,{numeric:"auto"}),this.Rt=new Intl.DateTimeFormat("en-CA",n)}localize(e,t){return k(this.i.locale.language,e,t)}time(e){return this.Et.format(e)}money(e){return this.St(String(e),{device_class:"monetary",unit_of_measurement:"CZK"})}dateTime(e){return this.St(e,{device_class:"timestamp"})}dayKey(e){return this.Rt.format(e)}day(e,t){let i=this.dayKey(e),r=new Date(t);r.setDate(r.getDate()-1);let n=this.kt.format(e);return i===this.dayKey(t)&&(n=this.it.format(0,"day")),i===this.dayKey(r)&&(n=this.it.format(-1,"day")),n.charAt(0).toLocaleUpperCase()+n.slice(1)}St(e,t){return this.i.formatEntityState({entity_id:"sensor._odorik",state:e,attributes:t})}};var le=50,Ft=class{constructor(e,t,i){this.n=e;this.Wt=t;this.at=i;this.filter={show:"all",search:""};this.rows=[];this.before=null;this.isLoading=!1;this.rt=le;this.ot=0}setFilter(e){this.filter=e,this.load()}invalidate(){this.z=void 0}clear(){this.invalidate(),this.rows=[],this.before=null}refreshIfStale(e){e!==void 0&&e===this.z||(this.z=e,this.load())}add(e){this.z=e.call_id??this.z,this.filter.search||this.filter.contact?this.load():this.rows=this.Vt(Ie(this.rows,e,this.filter.show))}Vt(e){let t=e[this.rt-1];if(!t||this.isLoading)return e;let i=Date.parse(t.started_at),r=e.filter(({started_at:n},s)=>s<this.rt||Date.parse(n)===i);return r.length<e.length&&(this.before=t.started_at),r}async load(e=!1){let{show:t,search:i,contact:r}=this.filter,n=r?.number??i,s=this.Wt({show:t,limit:le,...n&&{search:n},...e&&this.before&&{before:this.before}});if(!s)return;let c=this.ot+=1;this.isLoading=!0,this.error=void 0,this.n.requestUpdate();try{let a=await s;if(c!==this.ot)return;this.rows=e?[...this.rows,...a.calls]:a.calls,this.before=a.before,this.rt=Math.max(le,this.rows.length)}catch(a){let m=await this.at(a);if(c!==this.ot)return;this.error={text:m,isNextPage:e}}this.isLoading=!1,this.n.requestUpdate()}};var qe=x`
  :host {
    --ink: var(--primary-text-color);
    --faint: var(--secondary-text-color);
    --label: var(--secondary-text-color);
    --call: #2a6a2d;
    --end: #b3372b;
    --bell: #01579b;
    --accent: var(--primary-text-color);
    --alarm: var(--error-color);
    --soft: rgba(127, 127, 127, 0.1);
    --tint: rgba(var(--rgb-primary-color), 0.14);
    --pressed: rgba(var(--rgb-primary-color), 0.18);
    --call-tint: rgba(67, 160, 71, 0.12);
    --alarm-tint: rgba(219, 68, 55, 0.14);
    height: 100%;
    min-width: 0;
  }
  /* Custom properties do not fall back to an earlier declaration, so mixed colours need this block. */
  @supports (color: color-mix(in srgb, red, red)) {
    :host {
      --label: color-mix(in srgb, var(--faint) 70%, var(--ink));
      --call: color-mix(in srgb, var(--success-color) 62%, black);
      --end: color-mix(in srgb, var(--error-color) 82%, black);
      --bell: color-mix(in srgb, var(--primary-color) 65%, black);
      --accent: color-mix(in srgb, var(--primary-color) 60%, var(--ink));
      --alarm: color-mix(in srgb, var(--error-color) 72%, var(--ink));
      --soft: color-mix(in srgb, var(--ink) 6%, transparent);
      --tint: color-mix(in srgb, var(--primary-color) 14%, transparent);
      --pressed: color-mix(in srgb, var(--primary-color) 18%, var(--card-background-color));
      --call-tint: color-mix(in srgb, var(--success-color) 12%, transparent);
      --alarm-tint: color-mix(in srgb, var(--error-color) 14%, transparent);
    }
  }
  ha-card {
    display: flex;
    flex-direction: column;
    gap: 12px;
    box-sizing: border-box;
    height: 100%;
    padding: 16px;
    overflow: auto;
    color: var(--ink);
    font-size: var(--ha-font-size-m, 14px);
    line-height: 1.4;
  }
  h2 {
    margin: 0;
    font-size: 20px;
    font-weight: 400;
    line-height: 1.2;
  }
  .now li {
    padding: 12px;
    border-radius: 12px;
    background: var(--call-tint);
  }
  .now li + li {
    margin-top: 8px;
  }
  .now .ringing {
    background: var(--tint);
  }
  .narrow {
    padding: 12px;
  }
  .wide .ringing {
    padding: 24px;
    border-radius: 20px;
  }
`;var O=Tt(class extends Q{constructor(o){if(super(o),o.type!==St.ATTRIBUTE||o.name!=="class"||o.strings?.length>2)throw Error("`classMap()` can only be used in the `class` attribute and must be the only part in the attribute.")}render(o){return" "+Object.keys(o).filter(e=>o[e]).join(" ")+" "}update(o,[e]){if(this.st===void 0){this.st=new Set,o.strings!==void 0&&(this.nt=new Set(o.strings.join(" ").split(/\s/).filter(i=>i!=="")));for(let i in e)e[i]&&!this.nt?.has(i)&&this.st.add(i);return this.render(e)}let t=o.element.classList;for(let i of this.st)i in e||(t.remove(i),this.st.delete(i));for(let i in e){let r=!!e[i];r===this.st.has(i)||this.nt?.has(i)||(r?(t.add(i),this.st.add(i)):(t.remove(i),this.st.delete(i)))}return S}});var Be=x`
  .choices {
    margin-top: 8px;
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
    gap: 8px;
  }
  .choices span {
    padding: 0 4px;
    font-size: 12px;
    color: var(--faint);
  }
  .ask {
    padding: 4px 0;
  }
`;var v=o=>d`<ha-icon icon=${o} aria-hidden="true"></ha-icon>`;var Ve=x`
  :host {
    flex: 1;
    min-width: 0;
  }
  .options {
    position: absolute;
    z-index: 3;
    inset-inline: 0;
    top: 44px;
    padding: 4px;
    border-radius: 12px;
    border: 1px solid var(--divider-color);
    background: var(--card-background-color);
    box-shadow: 0 4px 16px #0004;
  }
  li {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 12px;
    padding: 9px 10px;
    border-radius: 8px;
    cursor: pointer;
  }
  li:is([aria-selected="true"], :hover) {
    background: var(--soft);
  }
`;var K=x`
  :host {
    display: block;
  }
  [hidden] {
    display: none !important;
  }
  ha-icon {
    --mdc-icon-size: 22px;
    flex: none;
  }
  button,
  input,
  select {
    box-sizing: border-box;
    min-width: 0;
    min-height: 40px;
    padding: 0 14px;
    border: 0;
    border-radius: 20px;
    font: inherit;
    color: inherit;
    background-color: var(--soft);
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    cursor: pointer;
    font-weight: 500;
    white-space: nowrap;
  }
  button:hover {
    background-image: linear-gradient(var(--soft) 0 0);
  }
  button:disabled {
    cursor: default;
    opacity: 0.5;
  }
  .call,
  .end {
    color: white;
    background-color: var(--call);
  }
  .end {
    background-color: var(--end);
  }
  .round {
    flex: none;
    width: 40px;
    padding: 0;
    color: var(--accent);
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  input,
  select {
    width: 100%;
    border-radius: 12px;
  }
  option {
    color: var(--ink);
    background: var(--card-background-color);
  }
  input::placeholder {
    color: var(--faint);
    opacity: 1;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .sr {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .cut {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .muted {
    color: var(--faint);
  }
  .row {
    display: flex;
    align-items: center;
    gap: 12px;
  }
  .who,
  .field {
    flex: 1;
    min-width: 0;
  }
  .field {
    position: relative;
  }
  .field > ha-icon {
    position: absolute;
    inset-inline-start: 10px;
    top: 9px;
    color: var(--faint);
    pointer-events: none;
  }
  .field > ha-icon + input {
    padding-inline-start: 42px;
  }
  .name {
    font-weight: 500;
  }
  .meta {
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  .said:not(:empty) {
    padding: 8px 4px 0;
    overflow-wrap: anywhere;
  }
  .bad {
    color: var(--alarm);
  }
  .disc {
    display: grid;
    place-items: center;
    flex: none;
    width: 40px;
    height: 40px;
    border-radius: 50%;
    color: var(--accent);
    background: var(--tint);
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
    }
  }
`;var w=class extends A{constructor(){super(...arguments);this.size=""}e(t,i){return this.formats.localize(t,i)}async d(t){await this.updateComplete,this.renderRoot.querySelector(t)?.focus()}};w.styles=[K],l([u({attribute:!1})],w.prototype,"formats",2),l([u({reflect:!0})],w.prototype,"size",2);var P=class extends w{constructor(){super(...arguments);this.label="";this.isMain=!1;this.contacts=[];this.choice=et;this.m=!1;this.g=-1}focus(){this.d("input")}get Tt(){return this.m?Me(this.contacts,this.choice):[]}Pt(t,i){this.m=i,this.g=-1,this.choice=t,this.dispatchEvent(new CustomEvent("odorik-choice",{detail:t}))}zt(t){this.Pt({text:T(t),picked:t},!1)}lt(t){this.Pt({text:t.target.value},!0)}Zt(){this.m=!0}Lt(){this.m=!1,this.g=-1}ct(t){let{Tt:i}=this,r=i.length,n=i[this.g];if(t.key==="Enter")n?this.zt(n):this.dispatchEvent(new Event("odorik-enter"));else if(t.key==="Escape"&&r)this.Lt();else if(t.key==="ArrowDown"&&r)this.g=(this.g+1)%r;else if(t.key==="ArrowUp"&&r)this.g=(Math.max(this.g,0)+r-1)%r;else return;t.preventDefault(),t.stopPropagation()}render(){let{Tt:t,g:i}=this;return d`<div class="field">
      ${this.isMain?v("mdi:dialpad"):h}
      <input
        type="text"
        inputmode=${this.isMain?"text":"tel"}
        autocomplete="off"
        spellcheck="false"
        enterkeyhint="go"
        placeholder=${this.isMain?this.label:h}
        role="combobox"
        aria-label=${this.label}
        aria-autocomplete="list"
        aria-expanded=${String(t.length>0)}
        aria-controls="options"
        aria-activedescendant=${i>=0?`option-${i}`:h}
        .value=${this.choice.text}
        @input=${this.lt}
        @focus=${this.Zt}
        @blur=${this.Lt}
        @keydown=${this.ct}
      />
      <ul
        id="options"
        class="options"
        role="listbox"
        aria-label=${this.label}
        ?hidden=${!t.length}
      >
        ${t.map((r,n)=>this.Gt(r,n))}
      </ul>
    </div>`}Gt(t,i){return d`<li
      id=${`option-${i}`}
      role="option"
      aria-selected=${String(i===this.g)}
      @pointerdown=${r=>{r.preventDefault()}}
      @click=${()=>{this.zt(t)}}
    >
      <bdi class="cut">${T(t)}</bdi>
      ${t.name?d`<bdi class="muted">${t.formatted}</bdi>`:h}
    </li>`}};P.styles=[...w.styles,Ve],l([u({attribute:!1})],P.prototype,"label",2),l([u({attribute:!1})],P.prototype,"isMain",2),l([u({attribute:!1})],P.prototype,"contacts",2),l([u({attribute:!1})],P.prototype,"choice",2),l([E()],P.prototype,"m",2),l([E()],P.prototype,"g",2),P=l([$("odorik-number-field")],P);var z=class extends w{constructor(){super(...arguments);this.origin="dial";this.K=et}willUpdate(t){let{origin:i}=this,r=this.context.outcomes.get(i);!t.has("context")||r?.state===t.get("context")?.outcomes.get(i)?.state||(this.q=r,r?.state==="done"&&(this.K=et))}focus(){this.d("odorik-number-field")}get Dt(){let{isOnline:t,outcomes:i}=this.context;return!t||(i.get(this.origin)?.isLocked??!1)}get Ht(){let{lastCaller:t}=this.context;return this.Mt??(t?{text:T(t),picked:t}:et)}get Ut(){let{lines:t,contacts:i}=this.context.account;return[...t.map(({line:r,name:n})=>({number:String(r),name:n,formatted:String(r)})),...i]}Yt({detail:t}){this.K=t,t.text.trim()&&(this.q=void 0)}Xt({detail:t}){this.Mt=t}ht(t){t.preventDefault();let i=this.recipient??oe(this.context.account.contacts,this.K);if(!i||this.Dt)return;let r=this.context.account.caller?void 0:oe(this.Ut,this.Ht);if(!this.context.account.caller&&!r){this.q={state:"done",text:this.e("ring_first_ask")},this.d(".first");return}let n=this.renderRoot.querySelector("select")?.value;_(this,"odorik-order",{origin:this.origin,recipient:i.number,who:T(i),caller:r,line:n?Number(n):void 0})}render(){let{recipient:t}=this,{caller:i}=this.context.account,r=this.K.text.trim()!=="",n=t?this.e("call_back",{who:T(t)}):this.e("dial_help");return d`<form aria-label=${n} @submit=${this.ht}>
      ${t?d`<div class="ask">${this.e("ring_first_ask")}</div>`:h}
      <div class="row">
        ${t?this.jt():this.Jt()}
        <button
          class="call"
          type="submit"
          title=${this.e("dial_help")}
          ?disabled=${this.Dt}
        >
          ${v("mdi:phone")}<span>${this.e("call")}</span>
        </button>
      </div>
      ${t?h:this.Qt(r)}
      ${i&&r?d`<div class="said muted">
              ${this.e("rings_first",{who:i.name??i.number})}
            </div>`:h}
      <div
        class=${O({said:!0,bad:this.q?.state==="failed"})}
        role="status"
        .textContent=${this.q?.text??""}
      ></div>
    </form>`}Jt(){return d`<odorik-number-field
      .label=${this.e("dial")}
      .isMain=${!0}
      .contacts=${this.context.account.contacts}
      .choice=${this.K}
      @odorik-choice=${this.Yt}
      @odorik-enter=${this.ht}
    ></odorik-number-field>`}jt(){return d`<odorik-number-field
      class="first"
      .label=${this.e("ring_first")}
      .contacts=${this.Ut}
      .choice=${this.Ht}
      @odorik-choice=${this.Xt}
      @odorik-enter=${this.ht}
    ></odorik-number-field>`}Qt(t){let{caller:i,lines:r}=this.context.account;return d`<div class="choices" ?hidden=${!t}>
      ${i?h:d`<div><span aria-hidden="true">${this.e("ring_first")}</span>${this.jt()}</div>`}
      ${r.length>1?d`<label>
              <span>${this.e("line")}</span>
              <select>
                <option value="">${this.e("default_line")}</option>
                ${r.map(({line:n,name:s})=>d`<option value=${n}>${s??n}</option>`)}
              </select>
            </label>`:h}
    </div>`}};z.styles=[...w.styles,Be],l([u({attribute:!1})],z.prototype,"context",2),l([u({attribute:!1})],z.prototype,"origin",2),l([u({attribute:!1})],z.prototype,"recipient",2),l([E()],z.prototype,"K",2),l([E()],z.prototype,"Mt",2),l([E()],z.prototype,"q",2),z=l([$("odorik-dial")],z);var We=x`
  .figures {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .figure {
    /* All the same width, unless a value needs more. */
    flex: 1 1 0;
    min-width: auto;
    max-width: 100%;
    min-height: 52px;
    padding: 6px 10px;
    gap: 10px;
    justify-content: flex-start;
    border-radius: 12px;
    text-align: start;
    font-variant-numeric: tabular-nums;
  }
  ha-icon {
    color: var(--accent);
  }
  .alert ha-icon,
  .alert .value {
    color: var(--alarm);
  }
  .figure > span {
    min-width: 0;
  }
  .label,
  .value {
    display: block;
  }
  .label {
    font-size: 12px;
    font-weight: 400;
    color: var(--label);
  }
  .value {
    font-size: 16px;
    line-height: 1.25;
  }
  :host([size~="small"]) ha-icon {
    display: none;
  }
  :host([size~="small"]) .figure {
    padding: 6px 8px;
  }
  :host([size~="narrow"]) .figures {
    gap: 6px;
  }
  :host([size~="narrow"]) .figure {
    padding: 6px;
  }
  :host([size~="narrow"]) .value {
    font-size: 15px;
  }
`;var Si={balance:"mdi:wallet-outline",missed_calls_today:"mdi:phone-missed",cost_this_month:"mdi:cash-multiple"};function Ze(o,e,t,i){let r=o==="missed_calls_today"&&Number(e.state)>0;return{icon:Si[o],label:t,value:i,isAlert:r,entityId:e.entity_id}}var X=class extends A{constructor(){super(...arguments);this.figures=[];this.size=""}render(){return d`<div class="figures" ?hidden=${!this.figures.length}>
      ${this.figures.map(({entityId:t,isAlert:i,label:r,value:n,...s})=>d`<button
            class=${O({figure:!0,alert:i})}
            @click=${()=>{_(this,"hass-more-info",{entityId:t})}}
          >
            ${v(s.icon)}
            <span
              ><span class="label cut">${r}</span><span class="value cut">${n}</span></span
            >
          </button>`)}
    </div>`}};X.styles=[K,We],l([u({attribute:!1})],X.prototype,"figures",2),l([u({reflect:!0})],X.prototype,"size",2),X=l([$("odorik-figures")],X);var Ge=x`
  :host {
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
    gap: 8px;
    min-height: 220px;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .filters {
    display: flex;
    flex: 1 1 auto;
    border-radius: 20px;
    background: var(--soft);
  }
  .filters button {
    flex: 1 1 auto;
    padding: 0 8px;
    background-color: transparent;
    font-weight: 400;
  }
  .filters [aria-pressed="true"] {
    background-color: var(--pressed);
    color: var(--accent);
    font-weight: 500;
  }
  .filters b {
    padding: 0 6px;
    border-radius: 10px;
    color: var(--card-background-color);
    background: var(--alarm);
  }
  .field {
    flex: 1 1 240px;
  }
  .contact {
    flex: 1 1 240px;
    min-width: 0;
    padding-inline-start: 10px;
    border-radius: 20px;
    color: var(--accent);
    background: var(--tint);
  }
  .scroll {
    flex: 1 1 auto;
    min-height: 0;
    overflow-y: auto;
    margin-inline: -8px;
    padding-inline: 8px;
    scroll-padding-top: 36px;
  }
  :host(:not([filled])) .scroll {
    max-height: 480px;
  }
  .day {
    position: sticky;
    top: 0;
    z-index: 1;
    padding: 10px 4px 4px;
    font-size: 12px;
    font-weight: 500;
    color: var(--faint);
    /* Opaque even if the theme's cards are transparent. */
    background:
      linear-gradient(var(--ha-card-background, var(--card-background-color)) 0 0),
      var(--primary-background-color);
  }
  /* Skip the layout of rows out of view. A focused row is not contained: its suggestions overflow. */
  odorik-history-row:not(:focus-within) {
    content-visibility: auto;
    contain-intrinsic-size: 1px 56px;
    contain-intrinsic-height: auto 56px;
  }
  .foot {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 8px;
    padding: 8px 0;
    text-align: center;
  }
  .blank {
    padding: 24px 0;
    color: var(--faint);
  }
  .blank ha-icon {
    --mdc-icon-size: 40px;
    display: block;
    margin-bottom: 8px;
  }
  :host([size~="narrow"]) .filters button {
    padding: 0 6px;
    font-size: 13px;
  }
`;var Ye=x`
  .entry {
    display: flex;
    align-items: center;
    gap: 4px;
  }
  .main {
    flex: 1;
    min-height: 56px;
    padding: 6px 4px;
    gap: 12px;
    border-radius: 12px;
    background: none;
    font-weight: 400;
    text-align: start;
  }
  .sub {
    font-size: 13px;
    color: var(--faint);
  }
  .due .disc {
    color: var(--alarm);
    background: var(--alarm-tint);
  }
  .due .name {
    color: var(--alarm);
  }
  .unanswered .disc {
    color: var(--faint);
    background: var(--soft);
  }
  .more {
    padding: 4px 4px 12px;
    padding-inline-start: 56px;
  }
  dl {
    display: grid;
    grid-template-columns: max-content 1fr;
    gap: 4px 16px;
    margin: 0;
  }
  dt {
    color: var(--faint);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    padding-top: 10px;
  }
  .actions button {
    max-width: 100%;
    font-weight: 400;
  }
  :host([size~="narrow"]) .more {
    padding-inline-start: 4px;
  }
  :host([size~="narrow"]) .extra {
    display: none;
  }
`;var L=class extends w{constructor(){super(...arguments);this.isDue=!1;this.m=!1;this.y=!1}get s(){return this.context.outcomes.get(it(this.call))}willUpdate(t){!t.has("context")||!this.y||this.s?.state!=="done"||t.get("context")?.outcomes.get(it(this.call))?.state!=="done"&&(this.y=!1,this.d(".back"))}te(){this.m=!this.m}ee(){let{account:t,isOnline:i}=this.context,{number:r}=this.call;t.caller?r&&i&&!this.s?.isLocked&&_(this,"odorik-order",{origin:it(this.call),recipient:r,who:M(this.call,this.formats)}):(this.y=!this.y,this.y&&this.d("odorik-dial"))}render(){let{call:t,context:i}=this,r=F(t),n=Ut(t),s=this.y?void 0:this.s,c=r!=="missed"&&t.status!=="answered";return d`<div
        class=${O({entry:!0,missed:r==="missed",due:this.isDue,unanswered:c})}
      >
        ${this.ie()}
        ${this.waiting&&i.account.inbox?this.re(this.waiting):h}
        ${n&&i.account.may_control?this.oe():h}
      </div>
      ${this.m||this.y||s?this.ne(n,s):h}`}ne(t,i){let{call:r,context:n,formats:s}=this;return d`<div class="more">
      ${this.m?this.se(t):h}
      ${this.y?d`<odorik-dial
              .formats=${s}
              .context=${n}
              .origin=${it(r)}
              .recipient=${t}
            ></odorik-dial>`:h}
      <div
        class=${O({said:!0,bad:i?.state==="failed"})}
        role="status"
        .textContent=${i?.text??""}
      ></div>
    </div>`}ie(){let{call:t,formats:i}=this,r=F(t),[n,s]=[new Date(t.started_at),new Date],a=[this.waiting&&i.dayKey(n)!==i.dayKey(s)?i.day(n,s):"",i.time(n),t.line_name??t.line].filter(Boolean);return d`<button class="main" aria-expanded=${String(this.m)} @click=${this.te}>
      <span class="disc">${v(se[r])}</span>
      <span class="who">
        <span class="sr">${this.e(`call_${r}`)}: </span>
        <div class="name cut">
          <bdi>${M(t,i)}</bdi
          >${(this.waiting?.count??1)>1?` (${this.waiting?.count}×)`:""}
        </div>
        <div class="sub cut">
          <bdi
            >${a.join(" · ")}${t.name?d`<span class="extra"> · ${t.formatted}</span>`:h}</bdi
          >
        </div>
      </span>
      <span class="meta">
        <div>${t.status==="answered"?rt(t.duration??0):""}</div>
        <div class="sub">${t.price?i.money(t.price):""}</div>
      </span>
    </button>`}re({uid:t}){let i=this.e("done",{who:M(this.call,this.formats)});return d`<button
      class="round tick"
      aria-label=${i}
      title=${i}
      @click=${()=>{_(this,"odorik-complete",t)}}
    >
      ${v("mdi:check")}
    </button>`}oe(){let{account:t,isOnline:i}=this.context,r=this.e("call_back",{who:M(this.call,this.formats)}),n=!i||t.caller&&this.s?.isLocked;return d`<button
      class="round back"
      aria-label=${r}
      title=${r}
      ?disabled=${n}
      @click=${this.ee}
    >
      ${v("mdi:phone")}
    </button>`}ae(){let{call:t,formats:i}=this,r=F(t),n=t.status==="missed"&&r!=="missed"?` · ${this.e("not_answered")}`:"";return[[`call_${r}`,i.dateTime(t.started_at)+n],["number",t.formatted??this.e("withheld")],[t.direction==="out"?"caller_id":"own_number",t.own_formatted],["line",[t.line_name,t.line].filter(Boolean).join(" · ")],["redirected_to",t.redirected_to],["rang",t.ringing_duration===null?"":rt(t.ringing_duration)],["duration",t.status==="answered"?rt(t.duration??0):""],["price",t.price===null?"":i.money(t.price)]]}se(t){return d`<dl>
        ${this.ae().map(([i,r])=>r?d`<dt>${this.e(i)}</dt>
                <dd><bdi>${r}</bdi></dd>`:h)}
      </dl>
      ${t?this.le(t):h}`}le(t){let{formats:i}=this;return d`<div class="actions">
      <button
        @click=${()=>{_(this,"odorik-filter",Lt(t))}}
      >
        ${v("mdi:history")}<span class="cut"
          >${this.e("calls_with",{who:M(t,i)})}</span
        >
      </button>
      <button
        @click=${()=>{_(this,"odorik-copy",It(t.number))}}
      >
        ${v("mdi:content-copy")}<span>${this.e("copy_number")}</span>
      </button>
    </div>`}};L.styles=[...w.styles,Ye],l([u({attribute:!1})],L.prototype,"call",2),l([u({attribute:!1})],L.prototype,"waiting",2),l([u({attribute:!1})],L.prototype,"isDue",2),l([u({attribute:!1})],L.prototype,"context",2),l([E()],L.prototype,"m",2),l([E()],L.prototype,"y",2),L=l([$("odorik-history-row")],L);var Ti=["all","missed","incoming","outgoing"],Pi=["rows","formats","today","waiting","filter"],zi=400,R=class extends w{constructor(){super(...arguments);this.rows=[];this.waiting=[];this.hasMore=!1;this.isLoading=!1;this.today="";this.pt=[];this.mt=!1}willUpdate(t){if(Pi.some(i=>t.has(i))){let{show:i,search:r,contact:n}=this.filter,s=i==="missed"&&!r&&!n?Oe(this.waiting,this.formats):[];this.pt=[...s,...Fe(this.rows,this.formats,new Date)]}}updated(t){t.has("waiting")&&this.mt&&(this.mt=!1,this.d("[aria-pressed=true]"));let i=t.get("filter");i&&(this.renderRoot.querySelector(".scroll")?.scrollTo(0,0),this.filter.contact&&!i.contact&&this.d(".contact button"),i.contact&&!this.filter.contact&&this.d("input"))}lt(t){let i=t.target.value.trim();clearTimeout(this.It),this.It=setTimeout(()=>{i!==this.filter.search&&_(this,"odorik-filter",{...this.filter,search:i})},zi)}render(){let{contact:t}=this.filter;return d`<div class="tools">
        <div class="filters" role="group" aria-label=${this.e("filter")}>
          ${Ti.map(i=>this.ce(i))}
        </div>
        ${t?this.de(t):this.he()}
      </div>
      <div class="scroll">
        <ul
          aria-label=${this.e("history")}
          @odorik-complete=${()=>{this.mt=!0}}
        >
          ${zt(this.pt,({key:i})=>i,i=>i.call?this.pe(i.call,i.waiting):d`<li class="day">${i.day}</li>`)}
        </ul>
        <div class="foot" role="status">${this.ue()}</div>
      </div>`}ce(t){let i=()=>{_(this,"odorik-filter",{...this.filter,show:t})},r=t==="missed"?this.waiting.length:0,n=r?`${this.e("waiting")}: ${r}`:"";return d`<button
      aria-pressed=${String(t===this.filter.show)}
      title=${n}
      @click=${i}
    >
      ${this.e(t)}${r?d`<b aria-hidden="true">${r}</b>`:h}
    </button>`}he(){let t=this.e("search");return d`<div class="field">
      ${v("mdi:magnify")}
      <input
        type="search"
        placeholder=${t}
        aria-label=${t}
        value=${this.filter.search}
        @input=${this.lt}
      />
    </div>`}de(t){let i=this.e("all_calls"),r=()=>{_(this,"odorik-filter",{show:this.filter.show,search:""})};return d`<div class="contact row">
      ${v("mdi:account")}
      <bdi class="who cut"
        >${T(t)}${t.name?d`<span class="muted"> · ${t.formatted}</span>`:h}</bdi
      >
      <button class="round" aria-label=${i} title=${i} @click=${r}>
        ${v("mdi:close")}
      </button>
    </div>`}pe(t,i){return d`<li class=${F(t)==="missed"?"missed":""}>
      <odorik-history-row
        .formats=${this.formats}
        .size=${this.size}
        .call=${t}
        .waiting=${i}
        .isDue=${Ne(t,this.waiting)}
        .context=${this.context}
      ></odorik-history-row>
    </li>`}ue(){let{filter:t,error:i}=this;if(this.isLoading)return d`<span class="muted">${this.e("loading")}</span>`;if(i)return d`<span class="said bad">${i.text}</span
        >${this.Ot(this.e("retry"),i.isNextPage)}`;let r=t.show==="all"&&!t.search&&!t.contact,n=this.e(t.search||t.contact?"older":"more");return d`${this.pt.length?h:d`<div class="blank">
            ${v("mdi:phone-log")}${this.e(r?"empty":"no_matches")}
          </div>`}
    ${this.hasMore?this.Ot(n,!0):h}`}Ot(t,i){return d`<button @click=${()=>{_(this,"odorik-load",{isNextPage:i})}}>${t}</button>`}};R.styles=[...w.styles,Ge],l([u({attribute:!1})],R.prototype,"filter",2),l([u({attribute:!1})],R.prototype,"rows",2),l([u({attribute:!1})],R.prototype,"waiting",2),l([u({attribute:!1})],R.prototype,"hasMore",2),l([u({attribute:!1})],R.prototype,"isLoading",2),l([u({attribute:!1})],R.prototype,"error",2),l([u({attribute:!1})],R.prototype,"today",2),l([u({attribute:!1})],R.prototype,"context",2),R=l([$("odorik-history")],R);var Xe=x`
  .name {
    display: block;
    max-width: 100%;
    font-size: 16px;
  }
  button.name {
    min-height: 28px;
    padding: 0;
    border-radius: 6px;
    background: none;
    line-height: 1.4;
  }
  button.name:hover {
    text-decoration: underline;
  }
  .sub {
    color: var(--label);
  }
  .clock {
    font-size: 16px;
    font-weight: 500;
  }
  .sure {
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    justify-content: flex-end;
    padding-top: 10px;
    gap: 8px;
  }
  .sure > span {
    flex: 1;
  }
  .disc {
    color: white;
    background: var(--call);
  }
  .ringing .disc {
    background: var(--bell);
    animation: ring 1.6s infinite;
  }
  .ringing .name {
    font-size: 20px;
  }
  @keyframes ring {
    0%,
    60%,
    to {
      transform: rotate(0deg);
    }
    10%,
    30%,
    50% {
      transform: rotate(-11deg);
    }
    20%,
    40% {
      transform: rotate(11deg);
    }
  }
  :host([size~="small"]) .row {
    gap: 8px;
  }
  :host([size~="small"]) .row > .end {
    width: 44px;
    height: 44px;
    padding: 0;
    border-radius: 50%;
  }
  :host([size~="small"]) .row > .end > span {
    display: none;
  }
  /* A wall tablet shows a ringing call large enough to read from across the room. */
  :host([size~="wide"]) .ringing,
  :host([size~="wide"]) .ringing + .sure {
    gap: 24px;
    font-size: 22px;
  }
  :host([size~="wide"]) .ringing ha-icon {
    --mdc-icon-size: 44px;
  }
  :host([size~="wide"]) .ringing .disc {
    width: 88px;
    height: 88px;
  }
  :host([size~="wide"]) .ringing .name {
    font-size: clamp(32px, calc(var(--card-width) * 0.05), 60px);
    line-height: 1.15;
  }
  :host([size~="wide"]) .ringing .clock {
    font-size: 32px;
  }
  :host([size~="wide"]) .ringing .end,
  :host([size~="wide"]) .ringing + .sure button {
    min-height: 80px;
    padding: 0 32px;
    border-radius: 40px;
    font-size: 24px;
    gap: 12px;
  }
`;var D=class extends w{constructor(){super(...arguments);this.now=0;this.hasHistory=!1;this.x=!1}willUpdate(t){!t.has("context")||!this.x||this.s?.state!=="failed"||t.get("context")?.outcomes.get(mt(this.call))!==this.s&&this.ft()}get s(){return this.context.outcomes.get(mt(this.call))}me(){this.x=!0,this.d(".sure .end")}ft(){this.x=!1,this.d(".row .end")}ct(t){t.key==="Escape"&&this.s?.state!=="pending"&&this.ft()}render(){let{call:t}=this,i=!t.answered_at,r=M(t,this.formats),n=t.line_name??t.line;return d`<div class=${O({row:!0,ringing:i})}>
        <div class="disc">${v(Ue(t))}</div>
        <div class="who">
          ${this.fe(r)}
          <div class="sub">
            ${[this.e(jt(t)),n].filter(Boolean).join(" · ")}
          </div>
          <div class="sub cut"><bdi>${t.name?t.formatted:""}</bdi></div>
        </div>
        <div class="meta">
          <div class="clock" role="timer">${rt(ae(t,this.now))}</div>
          <div class="sub">${this.ge}</div>
        </div>
        ${this.context.account.may_control&&!this.x?this.ye(r):h}
      </div>
      ${this.x?this.ve():h}
      <div
        class="said bad"
        role="status"
        .textContent=${this.s?.state==="failed"&&!this.x?this.s.text:""}
      ></div>`}get ge(){let{answered_at:t,price_per_minute:i}=this.call;return!t||!i?"":this.formats.money(i*ae(this.call,this.now)/60)}fe(t){let i=Ut(this.call);if(!i||!this.hasHistory)return d`<bdi class="name cut">${t}</bdi>`;let r=this.e("calls_with",{who:t});return d`<button class="name cut" aria-label=${r} @click=${()=>{_(this,"odorik-filter",Lt(i))}}>
      <bdi>${t}</bdi>
    </button>`}ye(t){return d`<button
      class="end"
      aria-label=${this.e("hang_up_call",{who:t})}
      ?disabled=${!this.context.isOnline}
      @click=${this.me}
    >
      ${v("mdi:phone-hangup")}<span>${this.e("hang_up")}</span>
    </button>`}ve(){let t=this.s?.state==="pending",i=()=>{_(this,"odorik-hang-up",this.call)};return d`<div class="sure" @keydown=${this.ct}>
      <span>${this.e("confirm_hang_up")}</span>
      <button ?disabled=${t} @click=${this.ft}>
        ${this.e("cancel")}
      </button>
      <button class="end" ?disabled=${t||!this.context.isOnline} @click=${i}>
        <span>${t?this.s.text:this.e("hang_up")}</span>
      </button>
    </div>`}};D.styles=[...w.styles,Xe],l([u({attribute:!1})],D.prototype,"call",2),l([u({attribute:!1})],D.prototype,"now",2),l([u({attribute:!1})],D.prototype,"context",2),l([u({attribute:!1})],D.prototype,"hasHistory",2),l([E()],D.prototype,"x",2),D=l([$("odorik-live-call")],D);var Je=x`
  .row {
    padding: 10px 12px;
    border-radius: 12px;
    background: var(--soft);
  }
  ha-icon {
    color: var(--accent);
  }
`;var ot=class extends A{constructor(){super(...arguments);this.text=""}render(){return d`<div class="row" role="status">
      ${v("mdi:phone-off")}<span>${this.text}</span>
    </div>`}};ot.styles=[K,Je],l([u({attribute:!1})],ot.prototype,"text",2),ot=l([$("odorik-notice")],ot);function Li(o){return o<420?"small narrow":o<560?"small":o>=700?"wide":""}var q=class extends A{constructor(){super(...arguments);this.v={type:`custom:${Y}`,hide:[]};this.W="";this.gt=[];this.yt="";this.J=new Ht(this);this.b=new Ft(this,t=>this.be(t),t=>this.at(t));this.f=new Ot(this,this);this.Ft=new ResizeObserver(()=>{let{clientWidth:t}=this;this.W=Li(t),this.style.setProperty("--card-width",`${t}px`)})}connectedCallback(){super.connectedCallback(),this.Ft.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this.Ft.disconnect()}static getStubConfig(){return{}}static getConfigForm(){let{lang:t}=document.documentElement,i=Mt.map(r=>({value:r,label:k(t,r)}));return{schema:[{name:"title",selector:{text:{}}},{name:"config_entry_id",selector:{config_entry:{integration:y}}},{name:"hide",selector:{select:{multiple:!0,mode:"list",options:i}}}],computeLabel:({name:r})=>k(t,r)}}setConfig(t){let i=t.hide??[];if(!Array.isArray(i)||i.some(r=>!Mt.includes(r)))throw new Error(`hide must be a list of ${Mt.join(", ")}`);t.config_entry_id!==this.v.config_entry_id&&(this.a=void 0,this.b.clear()),this.v={type:`custom:${Y}`,...t,hide:i},this.i&&this.f.subscribeTo(this.i.connection,this.v.config_entry_id)}getCardSize(){return 10}getGridOptions(){return{columns:12,min_columns:6,rows:10,min_rows:5}}set hass(t){let i=this.i;this.i=t,(i?.locale!==t.locale||i.formatEntityState!==t.formatEntityState)&&(this.r=new Nt(t),this.requestUpdate()),Object.values(this.a?.figures??{}).some(n=>i?.states[n]!==t.states[n])&&this.requestUpdate(),this.f.subscribeTo(t.connection,this.v.config_entry_id)}accountUpdated(t,i){i?.config_entry_id!==t.config_entry_id&&this.b.clear(),t.state==="loaded"&&(this.a=t,this.b.refreshIfStale(t.place))}callRecorded(t){this.b.add(t)}reconnected(){this.b.invalidate()}be(t){let i=this.f.account;if(!this.i||i?.state!=="loaded"||this.G("history"))return;let r={type:`${y}/history`,config_entry_id:i.config_entry_id,...t};return this.i.connection.sendMessagePromise(r)}at(t){let i=this.r.localize("history_failed");return this.i?ut(this.i,t,i):Promise.resolve(i)}_e({detail:t}){this.i&&this.a&&this.J.orderCallback(this.i,this.a,t)}xe({detail:t}){this.i&&this.a&&this.J.hangUp(this.i,this.a,t)}$e({detail:t}){if(!this.i||!this.a)return;this.J.completeItem(this.i,this.a,t)||_(this,"hass-notification",{message:this.r.localize("failed")})}we({detail:t}){this.b.setFilter(t)}Ce({detail:t}){this.b.load(t.isNextPage)}async Ae({detail:t}){let i=await Ke(t);_(this,"hass-notification",{message:this.r.localize(i?"copied":"failed",{number:t})})}G(t){return this.v.hide.includes(t)}willUpdate(){let{calls:t,isActive:i}=this.f;t!==this.gt&&(this.yt=this.Ee(t),this.gt=t),clearTimeout(this.Nt);let r=t.length?1e3:6e4-Date.now()%6e4;i&&(this.Nt=setTimeout(()=>{this.requestUpdate()},r)),this.ke()}ke(){let{isOnline:t}=this.f,{outcomes:i,lastCaller:r}=this.J,{a:n,Z:s}=this;!n||s?.account===n&&s.isOnline===t&&s.outcomes===i||(this.Z={account:n,isOnline:t,outcomes:i,lastCaller:r})}Ee(t){let i=new Set(this.gt.map(n=>n.active_call_id)),r=t.find(n=>!n.answered_at&&!i.has(n.active_call_id));return r?`${this.r.localize(jt(r))}: ${M(r,this.r)}`:t.length?this.yt:""}get Re(){let{account:t,isOnline:i,isReachable:r}=this.f;return i?t&&t.state!=="loaded"?t.state:t&&!r?"unreachable":void 0:"lost"}render(){if(!this.i)return h;let{account:t}=this.f,{Re:i}=this,r=!t||t.state==="loaded";return d`<ha-card
      class=${this.W}
      aria-busy=${String(!t)}
      @odorik-order=${this._e}
      @odorik-hang-up=${this.xe}
      @odorik-complete=${this.$e}
      @odorik-filter=${this.we}
      @odorik-load=${this.Ce}
      @odorik-copy=${this.Ae}
    >
      ${this.v.title?d`<h2>${this.v.title}</h2>`:h}
      <div class="sr" role="alert">${this.yt}</div>
      <odorik-notice
        ?hidden=${!i}
        .text=${i?this.r.localize(i,{title:t?.title}):""}
      ></odorik-notice>
      ${this.Se()}
      <odorik-figures
        ?hidden=${!r}
        .size=${this.W}
        .figures=${r?this.Te():[]}
      ></odorik-figures>
      ${this.a?.may_control&&!this.G("dial")?this.Pe(r):h}
      ${this.G("history")?h:this.ze(r)}
    </ha-card>`}Se(){let{calls:t,clockOffset:i}=this.f,r=Date.now()+i;return d`<ul
      class="now"
      aria-label=${this.r.localize("now")}
      ?hidden=${!t.length}
    >
      ${zt(je(t),n=>n.active_call_id,n=>d`<li class=${n.answered_at?"":"ringing"}>
            <odorik-live-call
              .formats=${this.r}
              .size=${this.W}
              .call=${n}
              .now=${r}
              .context=${this.Z}
              .hasHistory=${!this.G("history")}
            ></odorik-live-call>
          </li>`)}
    </ul>`}Te(){return re.filter(t=>!this.G(t)).flatMap(t=>{let i=this.i?.states[this.a?.figures[t]??""];return this.i&&i?[Ze(t,i,this.r.localize(t),this.i.formatEntityState(i))]:[]})}Pe(t){return d`<odorik-dial
      ?hidden=${!t}
      .formats=${this.r}
      .context=${this.Z}
    ></odorik-dial>`}ze(t){let i=["grid","panel"].includes(this.layout??"")&&this.v.grid_options?.rows!=="auto",{b:r}=this;return d`<odorik-history
      class="history"
      ?hidden=${!t}
      ?filled=${i}
      .formats=${this.r}
      .size=${this.W}
      .filter=${r.filter}
      .rows=${r.rows}
      .waiting=${this.f.waiting}
      .hasMore=${r.before!==null}
      .isLoading=${r.isLoading||!this.f.account}
      .error=${r.error}
      .today=${this.r.dayKey(new Date)}
      .context=${this.Z}
    ></odorik-history>`}};q.styles=[K,qe],l([u({attribute:!1})],q.prototype,"layout",2),l([E()],q.prototype,"v",2),l([E()],q.prototype,"W",2),q=l([$(Y)],q);function ft(o){return o?.config_entry_id??o?.primary_config_entry??o?.config_entries?.[0]}var Mi=o=>o.name_by_user??o.name??"";function Qe(o){let e=new Map;for(let{entity_id:i,platform:r,device_id:n,translation_key:s}of Object.values(o.entities)){let c=o.devices[n??""];r!==y||!c||!s||!o.states[i]||e.set(c,{...e.get(c),[s]:i})}let t=[...e].map(([i,r])=>({device:i,entities:r,name:Mi(i)}));return t.sort((i,r)=>i.name.localeCompare(r.name,o.locale.language)),t.filter(({device:i})=>!i.via_device_id).map(({device:i,entities:r,name:n})=>({id:ft(i)??"",slug:(i.identifiers?.[0]?.[1]??"").toLowerCase().replace(/[^a-z\d]+/g,"_"),title:n,entities:r,lines:t.filter(s=>s.device.via_device_id===i.id)}))}var ti=x`
  :host {
    display: block;
  }
  button {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    width: 100%;
    height: var(--feature-height, 42px);
    border: 0;
    border-radius: var(--feature-border-radius, 12px);
    cursor: pointer;
    font: inherit;
    font-weight: 500;
    color: white;
  }
  .call {
    background: #2a6a2d;
  }
  .end {
    background: #b3372b;
  }
  @supports (color: color-mix(in srgb, red, red)) {
    .call {
      background: color-mix(in srgb, var(--success-color) 62%, black);
    }
    .end {
      background: color-mix(in srgb, var(--error-color) 82%, black);
    }
  }
  button:disabled {
    cursor: default;
    opacity: 0.5;
  }
  ha-icon {
    --mdc-icon-size: 20px;
    flex: none;
  }
`;function ei(o,{entity_id:e},t){let i=o.entities[e??""];return i?.platform===y&&i.translation_key===t}var H=class extends A{setConfig(){}e(e,t){return k(this.hass?.locale.language,e,t)}get Kt(){let e=this.hass?.entities[this.context?.entity_id??""];return this.hass?.devices[e?.device_id??""]}Le(){let e=this.vt();if(!e)return;let t={action:"perform-action",perform_action:`${y}.${e.action}`,data:{config_entry_id:ft(this.Kt),...e.data},confirmation:{text:e.confirmation}};_(this,"hass-action",{config:{tap_action:t},action:"tap"})}render(){if(!this.stateObj)return h;let e=this.qt();return d`<button
      class=${e.className}
      ?disabled=${!this.vt()}
      @click=${this.Le}
    >
      ${v(e.icon)}${e.text}
    </button>`}};H.styles=ti,l([u({attribute:!1})],H.prototype,"hass",2),l([u({attribute:!1})],H.prototype,"context",2),l([u({attribute:!1})],H.prototype,"stateObj",2);var qt=`${y}-call-back`,Kt=class extends H{static getStubConfig(){return{type:`custom:${qt}`}}vt(){let{number:e,name:t}=this.stateObj?.attributes??{};if(typeof e!="string")return;let i=typeof t=="string"?t:It(e);return{action:"callback",data:{recipient:e},confirmation:`${this.e("call_back",{who:i})}?`}}qt(){return{className:"call",icon:"mdi:phone",text:this.e("call_back_last")}}};Kt=l([$(qt)],Kt);var Vt=`${y}-hang-up`,Bt=class extends H{static getStubConfig(){return{type:`custom:${Vt}`}}vt(){let[e,t]=this.stateObj?.attributes.calls??[];if(!e)return;let i="hangup";if(!t)return{action:i,data:{active_call_id:e.active_call_id},confirmation:this.e("confirm_hang_up")};let r=this.Kt?.via_device_id?{line:e.line}:{all:!0};return{action:i,data:r,confirmation:this.e("confirm_hang_up_all")}}qt(){return{className:"end",icon:"mdi:phone-hangup",text:this.e("hang_up")}}};Bt=l([$(Vt)],Bt);async function ii(){let{href:o,search:e}=new URL(import.meta.url);return await import(new URL(`odorik-strategies.js${e}`,o).href)}var nt=class extends HTMLElement{static async generate(e,t){return(await ii()).dashboard(t)}static getCreateSuggestions(){return{title:"Odorik",icon:"mdi:phone"}}};nt.noEditor=!0,nt.registryDependencies=["entities","devices"];var gt=class extends HTMLElement{static async generate(e,t){return(await ii()).section(e,t)}static getStubConfig(){return{type:`custom:${y}`}}};gt.registryDependencies=["entities","devices"];var Di="https://github.com/odorik-homeassistant/odorik";function yt(o,e,t,i){let r=n=>k(document.documentElement.lang,n);return{...i,type:o,documentationURL:Di,get name(){return r(e)},get description(){return r(t)}}}function Hi(o,e){let t=o.entities[e];if(t?.platform!==y)return null;let i=Qe(o).length>1?{config_entry_id:ft(o.devices[t.device_id??""])}:{};return{config:{type:`custom:${Y}`,...i}}}function ri(o){return(e,t)=>ei(e,t,o)}customElements.define(`ll-strategy-dashboard-${y}`,nt);customElements.define(`ll-strategy-section-${y}`,gt);(window.customCards??=[]).push(yt(Y,"card","description",{preview:!0,getEntitySuggestion:Hi}));(window.customStrategies??=[]).push(yt(y,"dashboard","dashboard_description",{strategyType:"dashboard"}),yt(y,"section","description",{strategyType:"section"}));(window.customCardFeatures??=[]).push(yt(qt,"call_back_last","description",{isSupported:ri("last_missed_call")}),yt(Vt,"hang_up","description",{isSupported:ri("active_calls")}));
